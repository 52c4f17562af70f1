namespace EcgFm.Acquisition;

/// <summary>What a bed is watched by.</summary>
public interface ISource
{
    /// <summary>A short name for logs and status messages, such as the record's name.</summary>
    string Name { get; }
}
