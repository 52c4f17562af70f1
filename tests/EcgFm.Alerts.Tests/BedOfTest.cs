using System.Reactive.Subjects;
using EcgFm.Core;
using EcgFm.Testing;

namespace EcgFm.Alerts.Tests;

/// <summary>A bed whose seconds and windows a test makes up.</summary>
internal sealed class BedOfTest : IDisposable
{
    private static readonly Interpretation Made = Interpretations.Window(0, 0.5f);

    private readonly Subject<AlertInput> _inputs = new();
    private readonly List<Alert> _steps = [];
    private int _windows;
    private long _seconds;

    /// <param name="state">What was stored before a restart.</param>
    /// <param name="now">The time at which it begins.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="bed">The bed; null for the box.</param>
    /// <param name="hop">How often a window is due to be interpreted; null when nobody waits for it.</param>
    public BedOfTest(byte[]? state = null, DateTimeOffset? now = null, IReadOnlyList<AlertRule>? rules = null, string? bed = "bed-1", TimeSpan? hop = null)
    {
        Now = now ?? Interpretations.Start;
        State = state;
        _inputs.RaiseAlerts(new() { Bed = bed, Rules = rules ?? AlertRules.Default, Hop = hop, State = state }).Subscribe(update =>
        {
            Updates.Add(update);
            _steps.AddRange(update.Steps);
            State = update.State;
        });
    }

    /// <summary>The clock, which may be set; the samples go on.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>What a restart would find.</summary>
    public byte[]? State { get; private set; }

    public List<AlertUpdate> Updates { get; } = [];

    /// <summary>The steps since the last call.</summary>
    public IReadOnlyList<Alert> Take()
    {
        var taken = _steps.ToList();
        _steps.Clear();
        return taken;
    }

    /// <summary>Adds the steps since the last call to those before.</summary>
    public IReadOnlyList<Alert> Take(List<Alert> all)
    {
        all.AddRange(Take());
        return all;
    }

    /// <summary>The steps since the last call in short: "code state".</summary>
    public IEnumerable<string> Short() => Take().Select(step => $"{step.Code} {step.State}");

    /// <summary>So many seconds of a sensor that counts the beats itself.</summary>
    public BedOfTest Counted(double? heartRate, int count, bool? contact = true)
    {
        for (var i = 0; i < count; i++)
        {
            Pass();
            _inputs.OnNext(new AlertInput.Counted(new(Now, heartRate, LeadSet.None, LeadSet.All, Made.Input.Quality) { Source = VitalsSource.HeartRateSensor, Contact = contact }));
        }

        return this;
    }

    /// <summary>So many seconds, each with its ten seconds of samples and its tick of the clock.</summary>
    public BedOfTest Seconds(int count, Func<AssessedWindow, AssessedWindow>? change = null, bool samples = true)
    {
        for (var i = 0; i < count; i++)
        {
            Pass();
            if (samples) _inputs.OnNext(new AlertInput.Assessed((change ?? (window => window))(Window(0).Input)));
            _inputs.OnNext(new AlertInput.Tick(Now));
        }

        return this;
    }

    /// <summary>Seconds with this heart rate.</summary>
    public BedOfTest Rate(double? rate, int seconds) => Seconds(seconds, window => window with { HeartRate = rate });

    /// <summary>Windows of ten seconds with these probabilities of atrial fibrillation; NaN stands for one that is not usable.</summary>
    public BedOfTest Windows(params IEnumerable<float> probabilities)
    {
        foreach (var probability in probabilities)
        {
            Seconds(10, float.IsNaN(probability) ? LeadsOff : null);
            Interpreted(probability);
        }

        return this;
    }

    /// <summary>What the network says of the last ten seconds.</summary>
    /// <param name="probability">The probability of atrial fibrillation; NaN where they are not usable.</param>
    /// <param name="skipped">How many windows were skipped until now.</param>
    public BedOfTest Interpreted(float probability, int skipped = 0)
    {
        _inputs.OnNext(new AlertInput.Interpreted(Window(probability) with { SkippedWindows = skipped }));
        return this;
    }

    /// <summary>A window that could not be interpreted.</summary>
    public BedOfTest Failed(string? reason)
    {
        _inputs.OnNext(new AlertInput.Failed(Window(0).Input, reason));
        return this;
    }

    public BedOfTest Sign(TechnicalCondition condition, bool present, string? detail = null)
    {
        _inputs.OnNext(new AlertInput.Sign(Now, condition, present, detail));
        return this;
    }

    /// <summary>The flow has failed and begins again: its samples and windows count from zero.</summary>
    public BedOfTest BeginAgain()
    {
        (_seconds, _windows) = (0, 0);
        return this;
    }

    public CommandAnswer Ask(AlertCommand command)
    {
        CommandAnswer? answer = null;
        _inputs.OnNext(new AlertInput.Asked(Now, command, given => answer = given));
        return answer!;
    }

    public CommandAnswer Acknowledge(Guid alert) => Ask(new AlertCommand.Acknowledge("bed-1", "nurse", alert));

    public CommandAnswer Pause(int seconds) => Ask(new AlertCommand.Pause("bed-1", "nurse", TimeSpan.FromSeconds(seconds)));

    public static AssessedWindow LeadsOff(AssessedWindow window) => window with
    {
        Window = window.Window with { LeadOff = LeadSet.All },
        Quality = new([.. Enumerable.Repeat(QualityIssue.LeadOff, StandardLeads.Count)], Usable: false),
        HeartRate = null,
    };

    public void Dispose() => _inputs.Dispose();

    private void Pass()
    {
        Now += TimeSpan.FromSeconds(1);
        _seconds++;
    }

    private Interpretation Window(float probability)
    {
        var (usable, p) = float.IsNaN(probability) ? (false, 0.99f) : (true, probability);
        var window = Made.Input.Window with { Index = _windows++, Start = Now - EcgWindow.Duration, FirstSample = (_seconds * EcgWindow.SampleRate) - EcgWindow.Length };
        var input = Made.Input with { Window = window, Quality = Made.Input.Quality with { Usable = usable }, SinceBeat = TimeSpan.FromSeconds(0.5) };
        return Made with { Input = input, Probabilities = [1 - p, p] };
    }
}
