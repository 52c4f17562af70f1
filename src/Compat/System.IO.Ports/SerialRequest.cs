namespace System.IO.Ports;

/// <summary>A read or a write that waits for the line. Touched under its stream's lock only, but for the task.</summary>
internal sealed class SerialRequest(Memory<byte> buffer) : TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Where a read puts its bytes; what a write has not yet handed over.</summary>
    internal Memory<byte> Buffer { get; set; } = buffer;
}
