using System.Diagnostics;
using System.Threading.Channels;

namespace EcgFm.Testing;

/// <summary>The program as a user runs it, in a process of its own; the project that uses it has EcgFm.Edge as a reference.</summary>
public sealed class EdgeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly Channel<string> _output = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _errors = Channel.CreateUnbounded<string>();
    private readonly List<string> _allErrors = [];

    private EdgeProcess(Process process) => _process = process;

    public static EdgeProcess Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    /// <summary>Starts it with variables of the environment beside those of the test.</summary>
    public static EdgeProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var process = new Process
        {
            StartInfo = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "ecgfm-edge.dll"), .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            },
        };
        foreach (var (name, value) in environment) process.StartInfo.Environment[name] = value;
        var edge = new EdgeProcess(process);
        process.OutputDataReceived += (_, line) => Take(edge._output, line.Data);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null) lock (edge._allErrors) edge._allErrors.Add(line.Data);
            Take(edge._errors, line.Data);
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return edge;
    }

    /// <summary>The process's number.</summary>
    public int Id => _process.Id;

    /// <summary>Everything on standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_allErrors) return string.Join('\n', _allErrors);
        }
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<(int Code, IReadOnlyList<string> Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var edge = Start(arguments);
        var code = await edge.ExitAsync();
        var output = new List<string>();
        while (edge._output.Reader.TryRead(out var line)) output.Add(line);
        return (code, output, edge.Errors);
    }

    /// <summary>The next line on standard output that contains the text.</summary>
    public Task<string> OutputAsync(string text) => NextAsync(_output, text);

    /// <summary>The next line on standard error that contains the text.</summary>
    public Task<string> ErrorAsync(string text) => NextAsync(_errors, text);

    /// <summary>Sends a signal by its number.</summary>
    public void Signal(int signal) => Process.Start("kill", [$"-{signal}", $"{_process.Id}"]).WaitForExit();

    /// <summary>Waits for the end.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string> NextAsync(Channel<string> lines, string text)
    {
        try
        {
            while (true)
            {
                var line = await lines.Reader.ReadAsync().AsTask().WaitAsync(Patience);
                if (line.Contains(text, StringComparison.Ordinal)) return line;
            }
        }
        catch (Exception fault) when (fault is ChannelClosedException or TimeoutException)
        {
            throw new InvalidOperationException($"\"{text}\" never came. Standard error:\n{Errors}");
        }
    }

    private static void Take(Channel<string> lines, string? line)
    {
        if (line is null) lines.Writer.TryComplete();
        else lines.Writer.TryWrite(line);
    }
}
