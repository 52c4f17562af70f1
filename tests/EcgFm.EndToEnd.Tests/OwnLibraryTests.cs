using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EcgFm.Model;
using EcgFm.Model.Inference;
using EcgFm.Model.Packages;
using EcgFm.Testing;

namespace EcgFm.EndToEnd.Tests;

/// <summary>A native library of the user's own, and the providers that one built for NVIDIA has.</summary>
public sealed class OwnLibraryTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-own-");
    private MosquittoBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await MosquittoBroker.StartAsync();

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Ten times real time: a window every second.</summary>
    private string Configure(string library, string provider)
    {
        Directory.CreateDirectory(In("cache"));
        File.WriteAllText(In("edge.json"), JsonSerializer.Serialize(new
        {
            site = "ward",
            device = "box",
            stateDirectory = In("state"),
            mqtt = new { url = $"mqtt://{_broker.Host}:{_broker.Port}", wave = false },
            inference = new { library, provider, cacheDirectory = In("cache"), halfPrecision = true, mostWindows = 4 },
            beds = new[] { new { name = "bed-1", source = new { type = "simulator", script = "sinus", speed = "10" } } },
        }));
        return In("edge.json");
    }

    private static async Task<(string Model, string Provider)> NetworkAsync(Station station)
    {
        while (true)
        {
            var (status, _) = await station.NextAsync("/status");
            if (status.GetProperty("provider").GetString() is { } provider and not "none") return (status.GetProperty("model").GetString()!, provider);
        }
    }

    [Fact]
    public async Task The_library_that_is_named_is_the_one_that_runs()
    {
        var own = In("libonnxruntime-own.so");
        File.Copy(OwnLibrary.Shipped, own);
        await using var station = await Station.OpenAsync(_broker);
        await using var daemon = EdgeProcess.Start("run", "--config", Configure(own, "cpu"));
        await station.NextAsync("/bed-1/interpretation");

        var loaded = File.ReadLines($"/proc/{daemon.Id}/maps").Where(line => line.Contains("libonnxruntime", StringComparison.Ordinal)).Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..]).Distinct();
        Assert.Equal(own, Assert.Single(loaded));

        var (_, output, _) = await EdgeProcess.RunAsync("doctor", "--config", In("edge.json"));
        Assert.Contains(output, line => line.StartsWith("ok       libraries     ONNX Runtime 1.", StringComparison.Ordinal) && line.Contains($"of {own}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_library_that_comes_with_the_program_reports_to_nobody()
    {
        // Where it reports, it keeps an identifier and what it has not sent yet in the user's home, and a log.
        foreach (var name in new[] { "home", "temporary" }) Directory.CreateDirectory(In(name));
        var environment = new Dictionary<string, string> { ["HOME"] = In("home"), ["XDG_CACHE_HOME"] = "", ["TMPDIR"] = In("temporary"), ["DOTNET_EnableDiagnostics"] = "0" };
        await using var bench = EdgeProcess.Start(environment, "model", "bench", Path.Combine(AppContext.BaseDirectory, "models", "ecgfm-nano"), "--seconds", "1");
        Assert.Equal(0, await bench.ExitAsync());
        Assert.Empty(_folder.EnumerateFiles("*", SearchOption.AllDirectories));
    }

    [SkippableFact]
    public void A_library_that_cannot_be_used_is_told_with_the_reason()
    {
        File.WriteAllText(In("text.so"), "this is no library");
        var libc = File.ReadLines("/proc/self/maps").Select(line => line.Split(' ')[^1]).First(path => path.Contains("/libc.so", StringComparison.Ordinal));
        foreach (var (library, reason) in new[]
                 {
                     (In("none.so"), "cannot be loaded"),
                     (In("text.so"), "cannot be loaded"),
                     (OwnLibrary.Foreign, "is built for another processor"),
                     (libc, "is not ONNX Runtime"),
                     (new OwnLibrary(_folder.FullName).Compile("1.23.2").Path, "this is ONNX Runtime 1.23.2; 1.25 or later is needed"),
                 })
        {
            var fault = Assert.Throws<ModelFileException>(() => OrtLibrary.Use(library));
            Assert.StartsWith(library, fault.Message, StringComparison.Ordinal);
            Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
            Assert.Null(OrtLibrary.Chosen);
        }
    }

    [Fact]
    public async Task A_library_that_is_not_there_is_a_wrong_configuration()
    {
        var (code, _, errors) = await EdgeProcess.RunAsync("run", "--config", Configure(In("none.so"), "auto"));
        Assert.Equal(2, code);
        Assert.Contains($"inference:library is \"{In("none.so")}\"; allowed is the file of a native library of ONNX Runtime", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_library_that_cannot_be_used_the_one_that_comes_with_the_program_takes_its_place()
    {
        await using var station = await Station.OpenAsync(_broker);
        await using var daemon = EdgeProcess.Start("run", "--config", Configure(OwnLibrary.Foreign, "auto"));
        Assert.Equal(("ecgfm-nano 1 int8", "CPU"), await NetworkAsync(station));
        await station.NextAsync("/bed-1/interpretation");
        var said = Assert.Single(daemon.Errors.Split('\n'), line => line.Contains(OwnLibrary.Foreign, StringComparison.Ordinal));
        Assert.Contains("is built for another processor", said, StringComparison.Ordinal);
        Assert.Contains("that comes with the program is used instead", said, StringComparison.Ordinal);

        var (_, output, _) = await EdgeProcess.RunAsync("doctor", "--config", In("edge.json"));
        Assert.Contains(output, line => line.StartsWith("warning  libraries", StringComparison.Ordinal) && line.Contains("is built for another processor", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task TensorRT_builds_its_engine_once_and_the_bed_is_watched_meanwhile()
    {
        var own = new OwnLibrary(_folder.FullName).Compile();
        own.BeginBuilding();
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(In("notify")));
        var environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = In("notify"), ["WATCHDOG_USEC"] = "400000" };
        var configuration = Configure(own.Path, "tensorrt");
        await using (var station = await Station.OpenAsync(_broker))
        await using (var daemon = EdgeProcess.Start(environment, "run", "--config", configuration))
        {
            Assert.Contains($"that takes minutes, and no network runs until it is done. It is kept in {In("cache")}/", await daemon.ErrorAsync("TensorRT builds its engine"), StringComparison.Ordinal);
            // Heart rate goes on, and so does what keeps systemd from ending the build.
            for (var second = 0; second < 20; second++) await station.NextAsync("/bed-1/vitals");
            await HearAsync(systemd, "READY=1", 1);
            await HearAsync(systemd, "WATCHDOG=1", 5);
            Assert.DoesNotContain(own.Calls, call => call.StartsWith("session", StringComparison.Ordinal));

            own.EndBuilding();
            Assert.Equal(("ecgfm-nano 1 int8", "TensorRT"), await NetworkAsync(station));
            var (window, _) = await station.NextAsync("/bed-1/interpretation");
            Assert.True(window.GetProperty("labels").GetProperty("Sinus rhythm").GetSingle() > 0.5);
            Assert.DoesNotContain("cannot be had", daemon.Errors, StringComparison.Ordinal);
        }

        // One window has two segments, each shown three times; at most four windows run at a time. Each network has its own folder: TensorRT tells engines apart by their shape alone.
        var cache = Assert.Single(Directory.GetDirectories(In("cache")));
        Assert.Equal($"{ModelPackage.Load(Path.Combine(AppContext.BaseDirectory, "models", "ecgfm-nano")).Identity.Sha256[..16]}-1.30.0", Path.GetFileName(cache));
        Assert.Equal(
            [
                "append CUDA", "append TensorRT", "cuda use_tf32=0", "session TensorRT",
                "tensorrt trt_engine_cache_enable=1", $"tensorrt trt_engine_cache_path={cache}", "tensorrt trt_fp16_enable=1", "tensorrt trt_int8_enable=0",
                "tensorrt trt_profile_max_shapes=ecg:24x12x2500", "tensorrt trt_profile_min_shapes=ecg:1x12x2500", "tensorrt trt_profile_opt_shapes=ecg:6x12x2500",
                "tensorrt trt_timing_cache_enable=1", $"tensorrt trt_timing_cache_path={cache}",
            ],
            own.Calls.Order(StringComparer.Ordinal));

        // The second start finds the engine, and without a folder it works too.
        await using (var station = await Station.OpenAsync(_broker))
        await using (var daemon = EdgeProcess.Start("run", "--config", configuration))
        {
            await station.NextAsync("/bed-1/interpretation");
            Assert.DoesNotContain("builds its engine", daemon.Errors, StringComparison.Ordinal);
        }

        Directory.Delete(cache, recursive: true);
        await File.WriteAllTextAsync(cache, "");
        var (_, output, _) = await EdgeProcess.RunAsync("doctor", "--config", configuration);
        Assert.Contains(output, line => line.StartsWith("warning  model", StringComparison.Ordinal) && line.Contains("It is not kept: ", StringComparison.Ordinal));
        Assert.Contains(output, line => line.StartsWith("ok       model", StringComparison.Ordinal) && line.Contains("self-test passed on TensorRT", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Where_TensorRT_cannot_be_had_CUDA_takes_its_place_with_one_warning()
    {
        var own = new OwnLibrary(_folder.FullName).Compile();
        own.RefuseTensorRt();
        await using var station = await Station.OpenAsync(_broker);
        await using var daemon = EdgeProcess.Start("run", "--config", Configure(own.Path, "tensorrt"));
        Assert.Equal(("ecgfm-nano 1 int8", "CUDA"), await NetworkAsync(station));
        await station.NextAsync("/bed-1/interpretation");
        var warning = Assert.Single(daemon.Errors.Split('\n'), line => line.Contains("cannot be had", StringComparison.Ordinal));
        Assert.Contains("The network runs on CUDA: TensorRT cannot be had (", warning, StringComparison.Ordinal);
        Assert.Contains("libnvinfer.so.10", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("builds its engine", daemon.Errors, StringComparison.Ordinal);
        Assert.Contains("append CUDA", own.Calls);

        var (_, output, _) = await EdgeProcess.RunAsync("doctor", "--config", In("edge.json"));
        Assert.Contains(output, line => line.StartsWith("ok       model", StringComparison.Ordinal) && line.Contains("self-test passed on CUDA", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_GPU_that_is_opened_and_runs_nothing_leaves_the_network_to_the_processor()
    {
        var own = new OwnLibrary(_folder.FullName).Compile();
        own.RefuseRuns();
        await using var station = await Station.OpenAsync(_broker);
        await using var daemon = EdgeProcess.Start("run", "--config", Configure(own.Path, "cuda"));
        Assert.Equal(("ecgfm-nano 1 int8", "CPU"), await NetworkAsync(station));
        await station.NextAsync("/bed-1/interpretation");
        var warning = Assert.Single(daemon.Errors.Split('\n'), line => line.Contains("cannot run it", StringComparison.Ordinal));
        Assert.Contains("The network runs on CPU: CUDA cannot run it (", warning, StringComparison.Ordinal);
        Assert.Contains("out of memory", warning, StringComparison.Ordinal);
    }

    /// <summary>What comes until so many messages have begun so.</summary>
    private static async Task HearAsync(Socket socket, string beginning, int count)
    {
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (count > 0)
            if (Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, patience.Token)).StartsWith(beginning, StringComparison.Ordinal))
                count--;
    }
}
