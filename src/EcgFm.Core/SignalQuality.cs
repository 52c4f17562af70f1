using System.Collections.Immutable;

namespace EcgFm.Core;

/// <summary>Whether a window is fit for analysis, and why not.</summary>
/// <param name="Issues">What is wrong with each of the twelve leads.</param>
/// <param name="Usable">Whether enough leads are good enough for an interpretation that an alert may rest on.</param>
public sealed record SignalQuality(ImmutableArray<QualityIssue> Issues, bool Usable)
{
    /// <summary>The leads with nothing wrong.</summary>
    public LeadSet Good
    {
        get
        {
            var good = LeadSet.None;
            for (var i = 0; i < Issues.Length; i++)
                if (Issues[i] == QualityIssue.None)
                    good = good.With((Lead)i);
            return good;
        }
    }

    /// <summary>Everything that is wrong with any lead that the source has.</summary>
    public QualityIssue Any
    {
        get
        {
            var any = QualityIssue.None;
            foreach (var issue in Issues)
                if ((issue & QualityIssue.Absent) == 0)
                    any |= issue;
            return any;
        }
    }
}
