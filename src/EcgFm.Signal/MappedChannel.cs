using EcgFm.Core;

namespace EcgFm.Signal;

/// <summary>One channel of a device and the standard lead that it carries.</summary>
/// <param name="Channel">The name of the channel as the device gives it; case and blanks around it are ignored.</param>
/// <param name="Lead">The lead.</param>
/// <param name="Inverted">Whether the electrodes are swapped, so that the samples change their sign.</param>
public readonly record struct MappedChannel(string Channel, Lead Lead, bool Inverted = false);
