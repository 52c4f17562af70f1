namespace EcgFm.Acquisition.Dialogues;

/// <summary>What must be said to a device before it sends samples, and before it is left.</summary>
public interface IDeviceDialogue
{
    /// <summary>Has the device send.</summary>
    /// <param name="line">The open line.</param>
    /// <param name="cancellation">Ends the wait for an answer.</param>
    /// <returns>What was read behind the last answer: the first bytes of the samples.</returns>
    /// <exception cref="DeviceException">The device refuses, or does not answer: <see cref="DeviceFault.Unresponsive"/>.</exception>
    ValueTask<ReadOnlyMemory<byte>> StartAsync(DialogueLine line, CancellationToken cancellation);

    /// <summary>Has the device be quiet. Answers are not waited for.</summary>
    ValueTask StopAsync(DialogueLine line, CancellationToken cancellation);
}
