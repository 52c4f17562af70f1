using EcgFm.Core;
using EcgFm.Model.Packages;

namespace EcgFm.Model.Inference;

/// <summary>The leads with which a window is shown to the network, view by view (<see cref="LeadViews"/>).</summary>
internal static class LeadParts
{
    private static readonly LeadSet Limb = LeadSet.Of(Lead.I, Lead.II, Lead.III, Lead.AVR, Lead.AVL, Lead.AVF), Chest = Limb.Complement;

    /// <summary>The most views of one window.</summary>
    public static int Most(LeadViews views) => views == LeadViews.Whole ? 1 : 3;

    /// <summary>
    /// Writes the views and gives their number; the first is the whole. A lead whose electrode was off is absent. A network that is shown parts was trained on any choice of
    /// leads, so that it is shown the good ones alone where there are some (<see cref="SignalQuality.Good"/>): noise on one lead is no reason to doubt another.
    /// </summary>
    public static int Of(AssessedWindow window, LeadViews views, Span<LeadSet> parts)
    {
        parts[0] = window.Window.LeadOff.Complement;
        if (views == LeadViews.Whole) return 1;
        var good = window.Quality.Good;
        if (good.Count == 0) return 1;
        parts[0] = good;
        var (limb, chest) = (good.Intersect(Limb), good.Intersect(Chest));
        var (first, second) = chest.Count == 0 ? (good.Intersect(LeadSet.Of(Lead.I)), good.Intersect(LeadSet.Of(Lead.II))) : (limb, chest);
        if (first.Count == 0 || second.Count == 0) return 1;
        (parts[1], parts[2]) = (first, second);
        return 3;
    }
}
