namespace EcgFm.Alerts;

/// <summary>Something that is wrong with a rule.</summary>
/// <param name="Code">The rule.</param>
/// <param name="Key">The key, as a configuration has it.</param>
/// <param name="Value">Its value.</param>
/// <param name="Allowed">What is allowed.</param>
public sealed record RuleError(string Code, string Key, string Value, string Allowed)
{
    /// <summary>The error as a sentence.</summary>
    public override string ToString() => $"rule \"{Code}\": {Key} is {Value}; allowed is {Allowed}";
}
