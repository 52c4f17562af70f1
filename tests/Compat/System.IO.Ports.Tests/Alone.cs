using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

namespace System.IO.Ports.Tests;

/// <summary>Tests that measure the whole process (time, descriptors, CPU) run after the others, one by one.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
