using EcgFm.Core;

namespace EcgFm.Alerts.Conditions;

/// <summary>Whether what a rule watches for holds at a bed, and since when.</summary>
internal abstract class Condition
{
    /// <summary>Whether it holds.</summary>
    public bool Holds { get; private set; }

    /// <summary>Whether the last that was seen speaks against it, though not yet for long enough.</summary>
    public abstract bool IsFading { get; }

    /// <summary>How long what was seen last stands for what is, when nothing more is seen.</summary>
    public virtual TimeSpan StandsFor => TimeSpan.FromSeconds(30);

    /// <summary>When it began, as long as it holds.</summary>
    public DateTimeOffset Onset { get; private set; }

    /// <summary>When it ended last.</summary>
    public DateTimeOffset Ended { get; private set; }

    /// <summary>What it was judged by last.</summary>
    public Evidence Latest { get; protected set; }

    /// <summary>The condition of a rule.</summary>
    public static Condition Of(AlertRule rule, TimeSpan? hop) => rule switch
    {
        LabelRule label => new LabelCondition(label, hop ?? EcgWindow.Duration),
        RateRule rate => new RateCondition(rate),
        AsystoleRule asystole => new AsystoleCondition(asystole),
        TechnicalRule { Condition: TechnicalCondition.LeadsOff } leads => new LeadsOffCondition(leads),
        TechnicalRule { Condition: TechnicalCondition.Noise } noise => new NoiseCondition(noise),
        TechnicalRule { Condition: TechnicalCondition.DataLost } lost => new DataLostCondition(lost),
        TechnicalRule { Condition: TechnicalCondition.AnalysisDelayed } delayed => new DelayedCondition(delayed, hop),
        TechnicalRule technical => new SignCondition(technical),
        _ => throw new ArgumentOutOfRangeException(nameof(rule)),
    };

    /// <summary>Takes an input; true when it spoke of this condition.</summary>
    public abstract bool Next(AlertInput input);

    /// <summary>It held when the daemon went down, and goes on until it is seen to be over.</summary>
    public void GoOn(DateTimeOffset onset) => Begin(onset);

    protected void Begin(DateTimeOffset onset) => (Holds, Onset) = (true, onset);

    protected void End(DateTimeOffset time) => (Holds, Ended) = (false, time);
}
