using System.Buffers.Binary;
using System.Collections.Immutable;

namespace EcgFm.Acquisition.Bluetooth.HeartRate;

/// <summary>What a heart rate sensor says: the characteristic 0x2A37 of the Heart Rate Service 1.0 of the Bluetooth SIG.</summary>
/// <param name="BeatsPerMinute">The heart rate as the sensor averages it.</param>
/// <param name="Contact">Whether the sensor touches the skin; null when it cannot tell.</param>
/// <param name="EnergyKilojoules">The energy expended since it was reset; null when it is not in this message.</param>
/// <param name="Intervals">The times between beats that were found since the last message, the oldest first.</param>
public sealed record HeartRateMeasurement(int BeatsPerMinute, bool? Contact, int? EnergyKilojoules, ImmutableArray<TimeSpan> Intervals)
{
    private const int WideRate = 1, ContactDetected = 2, ContactSupported = 4, HasEnergy = 8, HasIntervals = 16;

    /// <summary>Reads a notification.</summary>
    /// <exception cref="FormatException">It is shorter than its flags say.</exception>
    public static HeartRateMeasurement Parse(ReadOnlySpan<byte> value)
    {
        var rest = value;
        int flags = Byte(ref rest);
        var rate = (flags & WideRate) != 0 ? Word(ref rest) : Byte(ref rest);
        int? energy = (flags & HasEnergy) != 0 ? Word(ref rest) : null;
        var intervals = ImmutableArray.CreateBuilder<TimeSpan>();
        if ((flags & HasIntervals) != 0)
            while (!rest.IsEmpty)
                intervals.Add(TimeSpan.FromSeconds(Word(ref rest) / 1024.0));
        return new(rate, (flags & ContactSupported) == 0 ? null : (flags & ContactDetected) != 0, energy, intervals.ToImmutable());
    }

    private static byte Byte(ref ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty) throw new FormatException("A heart rate measurement is shorter than its flags say.");
        var value = rest[0];
        rest = rest[1..];
        return value;
    }

    private static ushort Word(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 2) throw new FormatException("A heart rate measurement is shorter than its flags say.");
        var value = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        rest = rest[2..];
        return value;
    }
}
