namespace EcgFm.Acquisition.Simulation;

/// <summary>One Gaussian of the dipole's path: when it peaks in seconds from the R peak, its standard deviation in seconds, and its peak.</summary>
internal readonly record struct Wave(double Offset, double Width, Dipole Peak);
