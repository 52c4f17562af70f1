namespace EcgFm.Edge;

/// <summary>What a command says to the shell.</summary>
internal static class ExitCode
{
    /// <summary>It did what it was told.</summary>
    public const int Done = 0;

    /// <summary>It could not.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int WrongUsage = 2;
}
