using System.CommandLine;
using EcgFm.Core;
using EcgFm.Signal.Rhythm;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary>Options that the evaluations share.</summary>
internal static class EvaluateOptions
{
    public static Option<string> Records() => new("--records") { Description = "A folder of WFDB records.", HelpName = "FOLDER", Required = true };

    /// <summary>The leads that a record is cut down to.</summary>
    public static Option<LeadSet> Leads() => new("--leads")
    {
        Description = "Use these leads only, such as I+II; 12 means all that a record has.",
        HelpName = "12|I+II|I",
        DefaultValueFactory = _ => LeadSet.All,
        CustomParser = parsed =>
        {
            var text = parsed.Tokens[0].Value;
            if (text is "12" or "all") return LeadSet.All;
            var leads = LeadSet.None;
            foreach (var name in text.Split('+'))
            {
                if (!StandardLeads.TryParse(name, out var lead))
                {
                    parsed.AddError($"--leads is \"{text}\"; allowed is 12, or leads joined by '+', such as I+II");
                    return leads;
                }

                leads = leads.With(lead);
            }

            return leads;
        },
    };

    /// <summary>Another judgement of the beats than the shipped one.</summary>
    public static Option<RhythmClassifier?> Beats() => new("--beats")
    {
        Description = "Judge the beats by these numbers, such as models/training/fit_beats.py writes them for a fold, instead of the shipped ones.",
        HelpName = "FILE",
        CustomParser = parsed =>
        {
            var path = parsed.Tokens[0].Value;
            try
            {
                return RhythmClassifier.Read(path);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                parsed.AddError($"--beats is \"{path}\"; allowed is a RhythmClassifier.json for this version ({fault.Message})");
                return null;
            }
        },
    };
}
