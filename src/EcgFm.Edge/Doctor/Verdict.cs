namespace EcgFm.Edge.Doctor;

/// <summary>What a check found.</summary>
internal enum Verdict
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Monitoring goes on, but not as well as it could.</summary>
    Warning,

    /// <summary>Monitoring or its alerts stop here.</summary>
    Problem,
}
