using EcgFm.Core;
using EcgFm.Model.Packages;

namespace EcgFm.Model.Inference;

/// <summary>The leads with which a window is shown to the network, view by view (<see cref="LeadViews"/>).</summary>
internal static class LeadParts
{
    private static readonly LeadSet Limb = LeadSet.Of(Lead.I, Lead.II, Lead.III, Lead.AVR, Lead.AVL, Lead.AVF), Chest = Limb.Complement;

    /// <summary>The most views of one window.</summary>
    public static int Most(LeadViews views) => views == LeadViews.Whole ? 1 : 3;

    /// <summary>Writes the views and gives their number; the first is the whole. A lead whose electrode was off is absent; a part without a good lead is not shown.</summary>
    public static int Of(AssessedWindow window, LeadViews views, Span<LeadSet> parts)
    {
        var on = window.Window.LeadOff.Complement;
        parts[0] = on;
        if (views == LeadViews.Whole) return 1;
        var present = window.Window.Absent.Complement.Intersect(on);
        var (limb, chest) = (present.Intersect(Limb), present.Intersect(Chest));
        var (first, second) = chest.Count == 0 ? (present.Intersect(LeadSet.Of(Lead.I)), present.Intersect(LeadSet.Of(Lead.II))) : (limb, chest);
        if (first.Count == 0 || second.Count == 0) return 1;
        var count = 1;
        var good = window.Quality.Good;
        if (first.Intersect(good).Count > 0) parts[count++] = first;
        if (second.Intersect(good).Count > 0) parts[count++] = second;
        return count;
    }
}
