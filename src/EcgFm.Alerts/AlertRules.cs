using System.Collections.Immutable;
using EcgFm.Core;

namespace EcgFm.Alerts;

/// <summary>The rules that hold where nobody has set others.</summary>
/// <remarks>
/// Of ECG-FM's seventeen labels those have a rule that are an event at a bedside. Tachycardia and bradycardia are left to the beats, which are faster and need
/// no network. No rule stands for what is found once and stays (accessory pathway, first-degree and bundle branch blocks, infarction of any age, pacemaker),
/// for sinus rhythm, and for poor data quality, which is judged without the network. Who wants one of them writes a rule.
/// </remarks>
public static class AlertRules
{
    private static readonly TimeSpan Often = TimeSpan.FromMinutes(1);

    /// <summary>
    /// About the patient, the gravest first. Asystole (4 s), extreme bradycardia (below 40) and extreme tachycardia (above 140) as the PhysioNet/CinC Challenge 2015
    /// defines them (Clifford et al., Physiol Meas 2016;37:E5); 50 and 120 are common factory limits of bedside monitors for adults. Atrial fibrillation counts from
    /// 30 seconds on (2020 ESC Guidelines, section 3.2). A wide complex tachycardia is taken for ventricular until shown otherwise, and begins with one window.
    /// Ventricular premature beats rarely call for action and make most of a ward's alarms (Drew et al., PLoS One 2014;9:e110274): low, and only after a minute of
    /// windows with some in each. Flutter keeps to 0.5 at least, for a small network's own threshold may lie near zero.
    /// </summary>
    public static ImmutableArray<AlertRule> Physiological { get; } =
    [
        new AsystoleRule { Code = "asystole", Title = "Asystole", Priority = AlertPriority.High, Latching = true, OngoingEvery = Often, Snomed = "397829000" },
        new LabelRule
        {
            Code = "ventricular-tachycardia", Label = "Ventricular tachycardia", Title = "Ventricular tachycardia", Priority = AlertPriority.High,
            Latching = true, OngoingEvery = Often, StartCount = 1, StartWindows = 1, EndCount = 2, EndWindows = 2,
        },
        new RateRule
        {
            Code = "extreme-bradycardia", Title = "Extreme bradycardia", Priority = AlertPriority.High, Below = 40, MinimumDuration = TimeSpan.FromSeconds(5),
            OngoingEvery = Often, SilencedBy = ["asystole"], Snomed = "426627000",
        },
        new RateRule
        {
            Code = "extreme-tachycardia", Title = "Extreme tachycardia", Priority = AlertPriority.High, Above = 140, MinimumDuration = TimeSpan.FromSeconds(5),
            OngoingEvery = Often, SilencedBy = ["ventricular-tachycardia"], Snomed = "3424008",
        },
        new RateRule
        {
            Code = "bradycardia", Title = "Bradycardia", Priority = AlertPriority.Medium, Below = 50, MinimumDuration = TimeSpan.FromSeconds(30),
            EndAfter = TimeSpan.FromSeconds(30), SilencedBy = ["asystole", "extreme-bradycardia"], Snomed = "426627000",
        },
        new RateRule
        {
            Code = "tachycardia", Title = "Tachycardia", Priority = AlertPriority.Medium, Above = 120, MinimumDuration = TimeSpan.FromSeconds(30),
            EndAfter = TimeSpan.FromSeconds(30), SilencedBy = ["ventricular-tachycardia", "extreme-tachycardia"], Snomed = "3424008",
        },
        new LabelRule
        {
            Code = "supraventricular-tachycardia", Label = "Supraventricular tachycardia with aberrancy", Title = "Supraventricular tachycardia with aberrancy",
            Priority = AlertPriority.Medium, StartCount = 2, StartWindows = 2, SilencedBy = ["ventricular-tachycardia"],
        },
        new LabelRule
        {
            Code = "atrial-fibrillation", Label = RuleProbability.AtrialFibrillation, Title = "Atrial fibrillation", Priority = AlertPriority.Medium,
            SecondOpinion = SecondOpinion.Beats,
        },
        new LabelRule
        {
            Code = "atrial-flutter", Label = "Atrial flutter", Title = "Atrial flutter", Priority = AlertPriority.Medium, StartThreshold = 0.5,
            SilencedBy = ["ventricular-tachycardia", "atrial-fibrillation"],
        },
        new LabelRule
        {
            Code = "atrioventricular-block", Label = "Atrioventricular block", Title = "Atrioventricular block", Priority = AlertPriority.Low,
            StartCount = 6, StartWindows = 6, EndCount = 6, EndWindows = 6,
        },
        new LabelRule
        {
            Code = "premature-ventricular-contractions", Label = "Premature ventricular contraction", Title = "Ventricular premature beats for a minute",
            Priority = AlertPriority.Low, StartCount = 6, StartWindows = 6, EndCount = 6, EndWindows = 6, SilencedBy = ["ventricular-tachycardia"],
        },
    ];

    /// <summary>About the equipment at a bed.</summary>
    public static ImmutableArray<AlertRule> OfBed { get; } =
    [
        Technical(TechnicalCondition.LeadsOff, "leads-off", "Leads off", AlertPriority.Medium, start: 5, end: 5),
        Technical(TechnicalCondition.Noise, "noise", "Signal cannot be analysed", AlertPriority.Medium, start: 30, end: 10),
        Technical(TechnicalCondition.DataLost, "data-lost", "Samples are missing", AlertPriority.Low, start: 10, end: 30, share: 0.05),
        Technical(TechnicalCondition.DeviceLost, "device-lost", "Device lost", AlertPriority.Medium, start: 5, end: 5),
        Technical(TechnicalCondition.AnalysisDelayed, "analysis-delayed", "Analysis delayed", AlertPriority.Low, start: 15, end: 60),
        Technical(TechnicalCondition.AnalysisFailing, "analysis-failing", "Analysis failing", AlertPriority.Medium, start: 15, end: 15),
    ];

    /// <summary>About the box.</summary>
    public static ImmutableArray<AlertRule> OfBox { get; } =
    [
        Technical(TechnicalCondition.NetworkUnusable, "network-unusable", "No network", AlertPriority.Medium, start: 30, end: 0),
        Technical(TechnicalCondition.BrokerLost, "broker-lost", "Broker lost", AlertPriority.Medium, start: 30, end: 5),
        Technical(TechnicalCondition.OutboxFilling, "outbox-filling", "Undelivered alerts pile up", AlertPriority.Medium, start: 10, end: 60, share: 0.5),
        Technical(TechnicalCondition.AlertsDiscarded, "alerts-discarded", "Alerts were thrown away undelivered", AlertPriority.Medium, start: 0, end: 60) with { Latching = true },
        Technical(TechnicalCondition.StorageFailing, "storage-failing", "Storage failing", AlertPriority.Medium, start: 5, end: 30),
        Technical(TechnicalCondition.ClockStepped, "clock-stepped", "The clock was set", AlertPriority.Low, start: 0, end: 600),
    ];

    /// <summary>All of them.</summary>
    public static ImmutableArray<AlertRule> Default { get; } = [.. Physiological, .. OfBed, .. OfBox];

    private static TechnicalRule Technical(TechnicalCondition condition, string code, string title, AlertPriority priority, int start, int end, double? share = null) => new()
    {
        Condition = condition,
        Code = code,
        Title = title,
        Priority = priority,
        MinimumDuration = TimeSpan.FromSeconds(start),
        EndAfter = TimeSpan.FromSeconds(end),
        Share = share,
    };
}
