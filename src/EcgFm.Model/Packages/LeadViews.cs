namespace EcgFm.Model.Packages;

/// <summary>How a window is shown to the network.</summary>
public enum LeadViews
{
    /// <summary>Once, with all leads that there are.</summary>
    Whole,

    /// <summary>
    /// With all leads that are good by the window's quality, then with the limb leads alone and with the chest leads alone; where there are no chest leads, with lead I
    /// alone and with lead II alone. The logits are averaged, so that one odd lead cannot decide. Where no lead is good: once, with all. A window that is shown once, such
    /// as one of a single lead, has a third segment across the seam of its two. Only for a network that was trained with leads masked.
    /// </summary>
    WholeAndParts,
}
