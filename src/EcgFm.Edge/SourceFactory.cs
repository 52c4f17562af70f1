using EcgFm.Acquisition;
using EcgFm.Acquisition.Bluetooth;
using EcgFm.Acquisition.Bluetooth.HeartRate;
using EcgFm.Acquisition.Devices;
using EcgFm.Acquisition.Simulation;
using EcgFm.Acquisition.Transports;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Edge.Configuration;
using Microsoft.Extensions.Logging;

namespace EcgFm.Edge;

/// <summary>Makes the source that a configuration describes. Nothing is opened before somebody subscribes, but a record must be there.</summary>
internal static class SourceFactory
{
    public static ISource Create(SourceConfiguration source, SerialPortProfile serial, ILogger log) => source switch
    {
        SourceConfiguration.Device { Profile.KnownFraming.GivesEcg: false } sensor => new HeartRateSensor(sensor.Port, log: log),
        SourceConfiguration.Device device => new EcgDevice(
            DeviceLines.Create(device.Profile, device.Port, device.BaudRate, log, serial: serial), device.Profile, DeviceOptions.Default with { RecordRaw = device.RecordRaw }, log: log),
        SourceConfiguration.RawFile raw => new EcgDevice(Recorded(raw, log), raw.Profile, log: log),
        SourceConfiguration.Record record => new WfdbSource(WfdbRecord.Open(record.Path), record.Speed),
        SourceConfiguration.Simulator simulator => new SimulatorSource(simulator.Script, simulator.Seed, simulator.SampleRate, simulator.Speed),
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    private static IByteTransport Recorded(SourceConfiguration.RawFile raw, ILogger log) =>
        RawFileTransport.IsRecording(raw.Path) ? new RawFileTransport(raw.Path, raw.Speed, log: log) : new FileTransport(raw.Path);
}
