namespace EcgFm.Acquisition.Profiles;

/// <summary>One channel of a device.</summary>
/// <param name="Input">Which of the frame's channels it is, from zero (files count from one, as boards do).</param>
/// <param name="Lead">The lead that its electrodes take: the builder's choice.</param>
/// <param name="MicrovoltsPerCount">Microvolts at the electrodes that one count stands for.</param>
/// <param name="ZeroCount">The count that stands for zero volts.</param>
public readonly record struct ProfileChannel(int Input, string Lead, double MicrovoltsPerCount, double ZeroCount = 0);
