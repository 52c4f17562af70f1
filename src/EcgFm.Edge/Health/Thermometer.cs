using System.Globalization;

namespace EcgFm.Edge.Health;

/// <summary>Reads the temperatures that Linux knows of.</summary>
/// <param name="folder">Where the thermal zones are.</param>
internal sealed class Thermometer(string folder = "/sys/class/thermal")
{
    /// <summary>The hottest zone in degrees Celsius, or null where there is none.</summary>
    public double? Celsius()
    {
        if (!Directory.Exists(folder)) return null;
        var zones = Directory.EnumerateDirectories(folder, "thermal_zone*").Select(Zone).OfType<double>().ToList();
        return zones.Count > 0 ? zones.Max() : null;
    }

    private static double? Zone(string zone)
    {
        try
        {
            // Thousandths of a degree. Some boards have zones that are switched off and answer with an error or with nonsense.
            return int.TryParse(File.ReadAllText(Path.Combine(zone, "temp")).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value is > -60_000 and < 200_000
                ? value / 1000.0
                : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
