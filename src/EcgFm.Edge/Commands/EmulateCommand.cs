using System.CommandLine;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Emulation;
using EcgFm.Acquisition.Profiles;
using EcgFm.Acquisition.Simulation;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Edge.Configuration;
using EcgFm.Signal;

namespace EcgFm.Edge.Commands;

/// <summary><c>emulate</c>: a board on a pseudo-terminal, so that everything can be tried without hardware.</summary>
internal static class EmulateCommand
{
    private const string Simulator = "simulator";

    public static Command Create()
    {
        var profile = new Argument<string>("PROFILE") { Description = "The board: a profile's name, or the path of its file." };
        var source = new Option<string>("--source") { Description = $"What the electrodes carry: a WFDB record, or {Simulator}.", HelpName = $"RECORD|{Simulator}", DefaultValueFactory = _ => Simulator };
        var script = new Option<string>("--script") { Description = $"What the simulated patient goes through: {RhythmScript.Grammar}.", HelpName = "SCRIPT", DefaultValueFactory = _ => "sinus:60s,af:60s,repeat" };
        var port = new Option<string?>("--port") { Description = "The name that the port gets, a link; the system's own name (/dev/pts/N) is said in any case.", HelpName = "PATH" };
        var command = new Command("emulate", "Play a board, written from its maker's documents, on a pseudo-terminal.") { profile, source, script, port };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var board = ProfileCatalog.Default.Find(parsed.GetRequiredValue(profile));
            using var line = new Pty();
            var emulated = new EmulatedBoard(board, line);
            var patient = Source(parsed.GetRequiredValue(source), parsed.GetRequiredValue(script), emulated.SampleRate);
            using var link = parsed.GetValue(port) is { } name ? new PortLink(name, line.Path) : null;
            await Console.Error.WriteLineAsync($"{board.Title} on {link?.Path ?? line.Path}{(link is null ? "" : $" ({line.Path})")}. Ctrl-C ends it.").ConfigureAwait(false);
            await RunAsync(emulated, patient, stop).ConfigureAwait(false);
        }, stop));
        return command;
    }

    private static IEcgSource Source(string source, string script, double sampleRate)
    {
        if (source != Simulator) return new WfdbSource(WfdbRecord.Open(source));
        if (!RhythmScript.TryParse(script, out var patient)) throw new ConfigurationException([$"--script is \"{script}\"; allowed is {RhythmScript.Grammar}"]);
        return new SimulatorSource(patient, sampleRate: sampleRate);
    }

    private static async Task RunAsync(EmulatedBoard board, IEcgSource patient, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var answers = board.AnswerAsync(end.Token);
        try
        {
            await patient.Blocks().ToStandardLeads().Resample(board.SampleRate).Do(board.Send).LastOrDefaultAsync().ToTask(stop).ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await answers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A link that stands as long as the emulator runs. Anything else of that name is left alone.</summary>
    private sealed class PortLink : IDisposable
    {
        public PortLink(string path, string target)
        {
            var old = new FileInfo(path);
            if (old.LinkTarget is not null) old.Delete();
            else if (old.Exists) throw new ConfigurationException([$"--port is \"{path}\"; allowed is a name that is free"]);
            File.CreateSymbolicLink(path, target);
            Path = path;
        }

        public string Path { get; }

        public void Dispose() => File.Delete(Path);
    }
}
