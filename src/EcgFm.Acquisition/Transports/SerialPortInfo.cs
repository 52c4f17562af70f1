using System.Collections.Immutable;

namespace EcgFm.Acquisition.Transports;

/// <summary>A serial port of this machine.</summary>
/// <param name="Device">The kernel's name, such as <c>/dev/ttyUSB0</c>; it may be another one after the next start.</param>
/// <param name="StableName">The name below <c>/dev/serial/by-id</c>, which stays; null where there is none.</param>
/// <param name="Adapter">Maker, product and numbers of the USB adapter; null for a port of another kind.</param>
/// <param name="Troubles">What stands in the way of using it, each with its cure.</param>
public sealed record SerialPortInfo(string Device, string? StableName, string? Adapter, ImmutableArray<string> Troubles);
