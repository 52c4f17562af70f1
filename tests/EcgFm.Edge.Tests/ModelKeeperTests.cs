using System.Reactive.Concurrency;
using EcgFm.Acquisition.Simulation;
using EcgFm.Core;
using EcgFm.Edge.Models;
using EcgFm.Model.Inference;
using EcgFm.Telemetry;
using EcgFm.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgFm.Edge.Tests;

public sealed class ModelKeeperTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-keeper-");
    private readonly HistoricalScheduler _clock = new(Interpretations.Start);
    private readonly ModelSlot _slot = new();
    private readonly List<Interpretation> _windows = [];
    private readonly List<Vitals> _vitals = [];
    private readonly List<InferenceFault> _faults = [];
    private string _meant = BundledModel.Path;
    private readonly ModelKeeper _keeper;

    public ModelKeeperTests() =>
        _keeper = new(() => _meant, folder => EcgModel.Load(folder, new() { Threads = 1 }), _slot, NullLogger.Instance);

    public void Dispose()
    {
        _slot.Dispose();
        _folder.Delete(recursive: true);
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A bed that is watched live, with the network in the slot.</summary>
    private void Monitor()
    {
        var options = new MonitorOptions
        {
            Bed = "bed-1",
            Source = new SimulatorSource(RhythmScript.Parse("sinus@60"), scheduler: _clock),
            Finite = false,
            Scheduler = _clock,
            Inference = new InferenceQueue(_slot, _clock),
            OnInferenceFault = _faults.Add,
        };
        var monitor = new Monitor(options, _slot, new NoTelemetry());
        monitor.Interpretations.Subscribe(_windows.Add);
        monitor.Vitals.Subscribe(_vitals.Add);
        _ = monitor.RunAsync(CancellationToken.None);
    }

    [Fact]
    public void A_package_that_takes_the_place_of_another_is_used_from_the_next_window_on_and_none_is_lost()
    {
        Monitor();
        _keeper.Look();
        _clock.AdvanceBy(TimeSpan.FromSeconds(61));
        _meant = PackageCopy.Make(In("two"), "2");
        _keeper.Look();
        _clock.AdvanceBy(TimeSpan.FromSeconds(60));
        // Rolled back, and then written anew in its very place, as rsync does it.
        _meant = BundledModel.Path;
        _keeper.Look();
        _clock.AdvanceBy(TimeSpan.FromSeconds(60));
        _meant = In("two");
        PackageCopy.Change(_meant, manifest => manifest["version"] = "3");
        _keeper.Look();
        _clock.AdvanceBy(TimeSpan.FromSeconds(60));

        Assert.Equal(Enumerable.Range(0, 24).Select(i => (long)i), _windows.Select(window => window.Input.Window.Index));
        Assert.All(_windows, window => Assert.Equal(0, window.SkippedWindows));
        Assert.Equal("111111222222111111333333", string.Concat(_windows.Select(window => window.Model.Version)));
        Assert.Empty(_faults);
    }

    [Fact]
    public void A_network_that_gives_wrong_numbers_here_is_not_used_and_heart_rate_goes_on()
    {
        _meant = PackageCopy.MakeWrong(In("wrong"));
        Monitor();
        _keeper.Look();
        _clock.AdvanceBy(TimeSpan.FromSeconds(61));

        Assert.Empty(_windows);
        Assert.Equal(6, _faults.Count);
        Assert.All(_faults, fault => Assert.Contains("wrong numbers on this device", Assert.IsType<NoNetworkException>(fault.Error).Message, StringComparison.Ordinal));
        Assert.True(_vitals.Count > 45);
        Assert.Equal(60, _vitals[^1].HeartRate!.Value, 2.0);
        Assert.Equal("none", _slot.Provider);

        // As soon as one stands there that works, it is used.
        _meant = BundledModel.Path;
        _keeper.Look();
        _clock.AdvanceBy(TimeSpan.FromSeconds(10));
        Assert.Equal("1", Assert.Single(_windows).Model.Version);
    }

    [Fact]
    public void A_replacement_that_cannot_be_used_leaves_the_old_one_at_work()
    {
        Monitor();
        _keeper.Look();
        foreach (var bad in new[] { PackageCopy.MakeWrong(In("wrong")), In("not-there") })
        {
            _meant = bad;
            _keeper.Look();
            _clock.AdvanceBy(TimeSpan.FromSeconds(20));
        }

        Assert.Equal([0L, 1, 2, 3], _windows.Select(window => window.Input.Window.Index));
        Assert.Empty(_faults);
        Assert.Equal("ecgfm-nano 1 int8", _slot.Description);
    }
}
