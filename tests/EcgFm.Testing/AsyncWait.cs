namespace EcgFm.Testing;

/// <summary>Waits for something that nobody announces.</summary>
public static class AsyncWait
{
    /// <summary>Yields until the condition holds; fails after a minute.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition()) await timer.WaitForNextTickAsync(patience.Token);
    }
}
