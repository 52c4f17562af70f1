namespace EcgFm.Testing.Bluetooth;

/// <summary>Nordic's UART service, by its documentation; it echoes. Paired, it stands for a device with the Serial Port Profile too.</summary>
public sealed class EmulatedUart : Peripheral
{
    private const string Receive = "6e400002-b5a3-f393-e0a9-e50e24dcca9e", Transmit = "6e400003-b5a3-f393-e0a9-e50e24dcca9e";

    public override IReadOnlyList<(string, IReadOnlyList<(string, string[])>)> Services { get; } =
        [("6e400001-b5a3-f393-e0a9-e50e24dcca9e", [(Receive, ["write", "write-without-response"]), (Transmit, ["notify"])])];

    /// <summary>The lengths of what was written.</summary>
    public List<int> Pieces { get; } = [];

    public override void Write(string uuid, byte[] value)
    {
        Pieces.Add(value.Length);
        Send?.Invoke(Transmit, value);
    }
}
