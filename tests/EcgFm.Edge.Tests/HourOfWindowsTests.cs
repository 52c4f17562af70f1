using EcgFm.Acquisition.Devices;
using EcgFm.Acquisition.Profiles;
using EcgFm.Core;
using EcgFm.Model.Inference;
using EcgFm.Telemetry;
using EcgFm.Testing;
using EcgFm.Testing.Bluetooth;

namespace EcgFm.Edge.Tests;

/// <summary>Each board that there is a profile for, through its line, the device and the flow of a bed, to the windows that the network gets.</summary>
public class HourOfWindowsTests
{
    private const double Seconds = 3615, DriftPpm = 40;

    /// <summary>Sums of three float samples of up to 2 mV.</summary>
    private const double FloatError = 6e-7;

    public static TheoryData<string> Profiles =>
        [.. VirtualBoard.Catalog.Files.Select(ProfileReader.Read).Where(profile => profile.KnownFraming.GivesEcg).Select(profile => profile.Name)];

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task An_hour_reaches_the_network_as_it_was_within_one_step_and_one_sample(string name)
    {
        var profile = VirtualBoard.Profile(name);
        if (profile.Transport.Kind is TransportKind.BleNotify or TransportKind.Rfcomm)
        {
            await using var radio = await VirtualRadio.StartAsync(profile);
            var windows = new Judge(profile, radio.SampleRate, radio.SampleRate, () => 0);
            using var bed = new Bed(new EcgDevice(radio.Line, profile, scheduler: radio.Scheduler), radio.Scheduler, windows);
            await radio.RunAsync(Seconds);
            windows.AreRight();
        }
        else
        {
            using var board = new VirtualBoard(profile, DriftPpm);
            var windows = new Judge(profile, board.Board.SampleRate, board.Board.SampleRate * (1 + DriftPpm / 1e6), () => board.FirstSent);
            using var bed = new Bed(new EcgDevice(board, profile, scheduler: board.Scheduler), board.Scheduler, windows);
            await board.RunAsync(Seconds, step: 0.1);
            windows.AreRight();
        }
    }

    /// <summary>A bed whose network is the judge.</summary>
    private sealed class Bed : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Monitor _monitor;

        public Bed(EcgDevice device, System.Reactive.Concurrency.IScheduler scheduler, IInterpreter judge)
        {
            _monitor = new(new MonitorOptions { Bed = "bed-1", Source = device, Finite = false, Scheduler = scheduler, WithVitals = false }, judge, new NoTelemetry());
            _ = _monitor.RunAsync(_stop.Token);
        }

        public void Dispose()
        {
            _stop.Cancel();
            _stop.Dispose();
            _monitor.Dispose();
        }
    }

    /// <summary>
    /// Compares every sample of every window with what the electrodes carried: at the board's own instants, with straight lines between them where 500 Hz is not its rate.
    /// </summary>
    private sealed class Judge(DeviceProfile profile, double rate, double trueRate, Func<long> firstSent) : IInterpreter
    {
        private readonly bool[] _direct = [.. StandardLeads.Names.Select(lead => profile.Channels.IsEmpty || profile.Channels.Any(channel => channel.Lead == lead))];
        private readonly double[] _source = new double[(int)(EcgWindow.Duration.TotalSeconds * rate) + 3];
        private double _worstSteps, _worstSeconds;
        private long _next = -1;
        private int _windows;

        /// <summary>Millivolts of one step of the converter.</summary>
        private double Step => profile.Channels.IsEmpty ? 1e-3
            : Math.Abs(profile.Channels[0].MicrovoltsPerCount) / 1e3 * (profile.Name == "healthypi5" ? 64 : 1); // its 18 bits stand in the upper part of 24

        public Interpretation Interpret(AssessedWindow window)
        {
            Take(window.Window);
            return Interpretations.Window(0, 0) with { Input = window };
        }

        public void AreRight()
        {
            Assert.InRange(_windows, 360, 362);
            Assert.InRange(_worstSteps, 0, 1);
            Assert.InRange(_worstSeconds, 0, 1 / rate);
        }

        private void Take(EcgWindow window)
        {
            _windows++;
            if (_next >= 0) Assert.Equal(_next, window.FirstSample);
            _next = window.FirstSample + EcgWindow.Length;
            Assert.All(window.Missing, missing => Assert.Equal(0, missing));
            Assert.Equal(0, window.Interpolated + window.LeadOff.Count);
            var position = window.FirstSample * rate / EcgWindow.SampleRate;
            var time = VirtualBoard.Zero.AddSeconds((firstSent() + position) / trueRate);
            // The first begins before the clock has found the line's least delay, which takes two seconds.
            if (_windows > 1) _worstSeconds = Math.Max(_worstSeconds, Math.Abs((window.Start - time).TotalSeconds));
            var limbs = _direct[(int)Lead.I] && _direct[(int)Lead.II];
            for (var lead = Lead.I; lead <= Lead.V6; lead++)
            {
                Func<long, double>? source = lead switch
                {
                    _ when _direct[(int)lead] => i => At(lead, i),
                    Lead.III when limbs => i => At(Lead.II, i) - At(Lead.I, i),
                    Lead.AVR when limbs => i => -(At(Lead.I, i) + At(Lead.II, i)) / 2,
                    Lead.AVL when limbs => i => At(Lead.I, i) - At(Lead.II, i) / 2,
                    Lead.AVF when limbs => i => At(Lead.II, i) - At(Lead.I, i) / 2,
                    _ => null,
                };
                Assert.Equal(source is null, window.Absent.Contains(lead));
                if (source is null) continue;
                var first = (long)position;
                for (var i = 0; i < _source.Length; i++) _source[i] = source(firstSent() + first + i);
                var samples = window.Of(lead);
                for (var k = 0; k < samples.Length; k++)
                {
                    var at = (window.FirstSample + k) * rate / EcgWindow.SampleRate - first;
                    var left = (int)at;
                    var expected = _source[left] + (_source[left + 1] - _source[left]) * (at - left);
                    _worstSteps = Math.Max(_worstSteps, (Math.Abs(samples[k] - expected) - FloatError) / Step);
                }
            }
        }

        private double At(Lead lead, long instant) => VirtualBoard.Source((int)lead, instant, rate);
    }
}
