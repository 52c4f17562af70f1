using System.Reactive.Linq;
using EcgFm.Core;

namespace EcgFm.Alerts;

/// <summary>The alert stage of the flow.</summary>
public static class RaiseAlertsOperator
{
    /// <summary>Turns what is heard of one bed, or of the box, into the steps of its alerts, by the rules.</summary>
    /// <param name="inputs">Everything that is heard, one after the other.</param>
    /// <param name="options">The bed, the rules, and what was there before a restart.</param>
    /// <returns>What each input brings, where it brings anything.</returns>
    /// <exception cref="ArgumentException">A rule is wrong; the message names the rule and the key.</exception>
    public static IObservable<AlertUpdate> RaiseAlerts(this IObservable<AlertInput> inputs, AlertOptions options)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        var errors = AlertRuleValidator.Errors(options.Rules).ToList();
        if (errors.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));

        return Observable.Defer(() =>
        {
            var desk = new AlertDesk(options);
            return inputs.Select(desk.Next).Where(update => update is not null).Select(update => update!);
        });
    }

    /// <summary>The alerts of whoever has interpretations only.</summary>
    /// <param name="interpretations">Every window of the bed, in order.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="bed">The bed that the alerts are about.</param>
    /// <exception cref="ArgumentException">A rule is wrong; the message names the rule and the key.</exception>
    public static IObservable<Alert> RaiseAlerts(this IObservable<Interpretation> interpretations, IReadOnlyList<AlertRule> rules, string bed) =>
        interpretations.Select(result => new AlertInput.Interpreted(result)).RaiseAlerts(new AlertOptions { Bed = bed, Rules = rules }).SelectMany(update => update.Steps);
}
