using EcgFm.Acquisition;
using EcgFm.Acquisition.Profiles;
using EcgFm.Acquisition.Simulation;

namespace EcgFm.Edge.Configuration;

/// <summary>Where the ECG of a bed comes from.</summary>
public abstract record SourceConfiguration
{
    private SourceConfiguration()
    {
    }

    /// <summary>A device.</summary>
    /// <param name="Profile">What is known of its kind.</param>
    /// <param name="Port">A serial port, best by its stable name below /dev/serial/by-id, tcp://HOST:PORT, or the address of a Bluetooth device.</param>
    /// <param name="BaudRate">Bits per second of a serial port; null means the profile's.</param>
    public sealed record Device(DeviceProfile Profile, string Port, int? BaudRate) : SourceConfiguration
    {
        /// <summary>Where the bytes of each connection are kept: folder and beginning of the files' names; null keeps none.</summary>
        public string? RecordRaw { get; init; }
    }

    /// <summary>The recorded bytes of a device.</summary>
    /// <param name="Path">The recording, or a file of bare bytes.</param>
    /// <param name="Profile">What is known of the device.</param>
    /// <param name="Speed">How fast it is played; bare bytes have no times and are read at full speed.</param>
    public sealed record RawFile(string Path, DeviceProfile Profile, PlaybackSpeed Speed) : SourceConfiguration;

    /// <summary>A WFDB record.</summary>
    /// <param name="Path">The record, with or without extension.</param>
    /// <param name="Speed">How fast it is played.</param>
    public sealed record Record(string Path, PlaybackSpeed Speed) : SourceConfiguration;

    /// <summary>The simulator.</summary>
    /// <param name="Script">What the patient goes through.</param>
    /// <param name="Seed">The seed of the simulated patient.</param>
    /// <param name="SampleRate">Samples per second and lead.</param>
    /// <param name="Speed">How fast it is played.</param>
    public sealed record Simulator(RhythmScript Script, int Seed, double SampleRate, PlaybackSpeed Speed) : SourceConfiguration;
}
