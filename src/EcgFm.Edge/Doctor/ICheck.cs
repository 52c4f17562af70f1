namespace EcgFm.Edge.Doctor;

/// <summary>Looks at one thing as a technician would, and changes nothing.</summary>
internal interface ICheck
{
    /// <summary>What it looks at, in one word.</summary>
    string Name { get; }

    /// <summary>Looks.</summary>
    Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken stop);
}
