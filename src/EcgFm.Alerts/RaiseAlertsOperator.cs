using System.Reactive.Linq;
using EcgFm.Core;

namespace EcgFm.Alerts;

/// <summary>The alert stage of the flow.</summary>
public static class RaiseAlertsOperator
{
    /// <summary>Turns the interpretations of one bed into the steps of its alerts, by the rules.</summary>
    /// <param name="interpretations">Every window of the bed, in order.</param>
    /// <param name="rules">The rules; each follows its own label.</param>
    /// <param name="bed">The bed that the alerts are about.</param>
    /// <exception cref="ArgumentException">A rule is wrong; the message names the rule and the key.</exception>
    public static IObservable<Alert> RaiseAlerts(this IObservable<Interpretation> interpretations, IReadOnlyCollection<AlertRule> rules, string bed)
    {
        var errors = rules.SelectMany(AlertRuleValidator.Errors).ToList();
        if (errors.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(rules));

        return Observable.Defer(() =>
        {
            var states = rules.Select(rule => new AlertRuleState(rule, bed)).ToArray();
            return interpretations.SelectMany(interpretation => states.Select(state => state.Next(interpretation)).OfType<Alert>().ToArray());
        });
    }
}
