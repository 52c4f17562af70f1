namespace EcgFm.Alerts.Conditions;

/// <summary>Something that others report; between two reports the seconds of the host's clock count.</summary>
internal sealed class SignCondition(TechnicalRule rule) : TimedCondition(rule.MinimumDuration, rule.EndAfter)
{
    private bool? _present;
    private string? _detail;

    protected override (bool?, Evidence)? Read(AlertInput input)
    {
        switch (input)
        {
            case AlertInput.Sign sign when sign.Condition == rule.Condition:
                (_present, _detail) = (sign.Present, sign.Detail);
                break;
            case AlertInput.Failed failed when rule.Condition == TechnicalCondition.AnalysisFailing:
                (_present, _detail) = (failed.Reason is not null, failed.Reason);
                return null;
            case AlertInput.Interpreted when rule.Condition == TechnicalCondition.AnalysisFailing:
                // Nobody reports that the network works: it shows.
                (_present, _detail) = (false, null);
                return null;
            case AlertInput.Tick:
                break;
            default:
                return null;
        }

        return (_present, new Evidence(input.Time) { Detail = _detail });
    }
}
