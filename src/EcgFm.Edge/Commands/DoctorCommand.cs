using System.CommandLine;
using EcgFm.Edge.Doctor;

namespace EcgFm.Edge.Commands;

/// <summary><c>doctor</c>: looks at the box as a technician would.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var config = CommonOptions.Config();
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output." };
        var command = new Command("doctor", "Check this box and say what is wrong with it and what mends it. Best as the daemon's user: sudo -u ecgfm-edge ecgfm-edge doctor") { config, json };
        command.SetAction(async (parsed, stop) =>
        {
            var findings = new List<Finding>();
            var code = await Guard.RunAsync(async () =>
            {
                var checks = Examination.ChecksFor(new ConfigurationCheck(parsed.GetRequiredValue(config)));
                await foreach (var finding in Examination.RunAsync(checks, stop).ConfigureAwait(false))
                {
                    findings.Add(finding);
                    if (!parsed.GetValue(json)) await Console.Out.WriteLineAsync(Examination.Line(finding)).ConfigureAwait(false);
                }

                if (parsed.GetValue(json)) await Console.Out.WriteLineAsync(Examination.Json(findings)).ConfigureAwait(false);
            }, stop).ConfigureAwait(false);
            return code == ExitCode.Done && findings.Exists(finding => finding.Verdict == Verdict.Problem) ? ExitCode.Failed : code;
        });
        return command;
    }
}
