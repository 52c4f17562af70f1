namespace EcgFm.Acquisition.Bluetooth;

/// <summary>A Bluetooth device in reach.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Name">What it calls itself, or its owner calls it.</param>
/// <param name="SignalDbm">How strong it is received; null when BlueZ knows it from before.</param>
/// <param name="Paired">Whether it is paired.</param>
/// <param name="Services">The UUIDs of services that it tells without being connected.</param>
public sealed record BluetoothDevice(string Address, string Name, int? SignalDbm, bool Paired, IReadOnlyList<Guid> Services);
