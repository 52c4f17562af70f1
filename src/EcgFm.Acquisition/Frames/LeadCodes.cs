using EcgFm.Core;

namespace EcgFm.Acquisition.Frames;

/// <summary>The lead codes of the project's frame: 0 is a channel that is no standard lead, 1 to 12 are I II III aVR aVL aVF V1…V6.</summary>
internal static class LeadCodes
{
    public static byte Of(string name) => StandardLeads.TryParse(name, out var lead) ? (byte)(lead + 1) : (byte)0;

    /// <summary>The name of a channel: its lead, or "ECG" and its number from one.</summary>
    public static string Name(byte code, int channel) => code is 0 or > StandardLeads.Count ? $"ECG{channel + 1}" : StandardLeads.Name((Lead)(code - 1));
}
