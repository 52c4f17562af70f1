using EcgFm.Core;

namespace EcgFm.Acquisition;

/// <summary>An open source of blocks that can be read at any speed.</summary>
internal interface IBlockReader : IDisposable
{
    /// <summary>The next block; null after the last one.</summary>
    EcgBlock? Next();
}
