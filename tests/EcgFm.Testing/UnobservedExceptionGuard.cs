using System.Collections.Concurrent;

namespace EcgFm.Testing;

/// <summary>
/// Fails a test when a task of the process failed and nobody looked: create it before the test's work and dispose of it after. In a test class,
/// <code>
/// private readonly UnobservedExceptionGuard guard = new();
/// public void Dispose() => guard.Dispose();
/// </code>
/// makes the test fail itself. As a collection fixture it covers the whole collection, and its failure stands in the run's output as the
/// collection's clean-up failure.
/// </summary>
public sealed class UnobservedExceptionGuard : IDisposable
{
    private readonly ConcurrentQueue<Exception> unobserved = new();

    /// <summary>Begins to watch.</summary>
    public UnobservedExceptionGuard()
    {
        // What earlier tests left behind is not this one's.
        Collect();
        TaskScheduler.UnobservedTaskException += Note;
    }

    /// <summary>Ends watching.</summary>
    /// <exception cref="AggregateException">Tasks failed unobserved.</exception>
    public void Dispose()
    {
        Collect();
        TaskScheduler.UnobservedTaskException -= Note;
        if (!unobserved.IsEmpty)
            throw new AggregateException("Tasks failed and nobody looked.", unobserved);
    }

    private static void Collect()
    {
        // Twice: a task found unreachable may have kept another one alive.
        for (var round = 0; round < 2; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private void Note(object? sender, UnobservedTaskExceptionEventArgs failure) => unobserved.Enqueue(failure.Exception);
}
