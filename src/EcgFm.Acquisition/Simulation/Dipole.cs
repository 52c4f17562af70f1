namespace EcgFm.Acquisition.Simulation;

/// <summary>A cardiac dipole in Frank's axes, in millivolts: x to the patient's left, y to the feet, z to the back.</summary>
internal readonly record struct Dipole(double X, double Y, double Z)
{
    public static Dipole operator *(double factor, Dipole dipole) => new(factor * dipole.X, factor * dipole.Y, factor * dipole.Z);

    public static Dipole operator +(Dipole a, Dipole b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    /// <summary>Turns in the frontal plane (about z) and then in the horizontal plane (about y); angles in degrees.</summary>
    public Dipole Turn(double frontal, double horizontal)
    {
        var (sin, cos) = Math.SinCos(frontal * Math.PI / 180);
        var (x, y) = (X * cos - Y * sin, X * sin + Y * cos);
        (sin, cos) = Math.SinCos(horizontal * Math.PI / 180);
        return new(x * cos - Z * sin, y, x * sin + Z * cos);
    }
}
