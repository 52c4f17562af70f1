namespace EcgFm.Testing.Bluetooth;

/// <summary>A sensor with the Heart Rate Service 1.0 of the Bluetooth SIG and nothing else.</summary>
public sealed class EmulatedHeartRate : Peripheral
{
    private const string Measurement = "00002a37-0000-1000-8000-00805f9b34fb";

    public EmulatedHeartRate() => Name = "HR sensor";

    public override IReadOnlyList<(string, IReadOnlyList<(string, string[])>)> Services { get; } =
        [("0000180d-0000-1000-8000-00805f9b34fb", [(Measurement, ["notify"]), ("00002a38-0000-1000-8000-00805f9b34fb", ["read"])])];

    /// <summary>Whether somebody has asked for notifications.</summary>
    public bool Listened { get; private set; }

    public override void Subscribe(string uuid, bool on) => Listened = on;

    public override void Disconnected() => Listened = false;

    /// <summary>Says a heart rate, contact, and the intervals that have ended, in 1/1024 s.</summary>
    public void Say(byte rate, bool contact, params double[] intervals)
    {
        var flags = (byte)(4 | (contact ? 2 : 0) | (intervals.Length > 0 ? 16 : 0));
        var units = intervals.Select(seconds => (ushort)Math.Round(seconds * 1024));
        Send?.Invoke(Measurement, [flags, rate, .. units.SelectMany(unit => (byte[])[(byte)unit, (byte)(unit >> 8)])]);
    }
}
