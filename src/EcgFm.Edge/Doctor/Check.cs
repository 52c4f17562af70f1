namespace EcgFm.Edge.Doctor;

/// <summary>A check whose findings come one by one.</summary>
/// <param name="name">What it looks at, in one word.</param>
internal abstract class Check(string name) : ICheck
{
    public string Name => name;

    public virtual Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken stop) => Task.FromResult<IReadOnlyList<Finding>>([.. Look()]);

    /// <summary>Looks at what answers at once.</summary>
    protected virtual IEnumerable<Finding> Look() => [];

    protected Finding Ok(string text) => new(Name, Verdict.Ok, text);

    protected Finding Warning(string text, string? cure = null) => new(Name, Verdict.Warning, text, cure);

    protected Finding Problem(string text, string? cure = null) => new(Name, Verdict.Problem, text, cure);
}
