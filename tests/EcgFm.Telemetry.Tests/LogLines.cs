using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace EcgFm.Telemetry.Tests;

/// <summary>A log that a test can wait for.</summary>
internal sealed class LogLines : ILogger
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public ConcurrentQueue<(LogLevel Level, string Text)> All { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        All.Enqueue((logLevel, text));
        _lines.Writer.TryWrite(text);
    }

    /// <summary>The next line that contains the text; others before it are passed over.</summary>
    public async Task<string> NextAsync(string text)
    {
        while (true)
        {
            var line = await _lines.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
            if (line.Contains(text, StringComparison.Ordinal)) return line;
        }
    }
}
