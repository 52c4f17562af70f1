namespace MQTTnet;

/// <summary>The handlers of one event, awaited one after the other in the order of their subscription.</summary>
internal sealed class EventHandlers<TArgs>
{
    private Func<TArgs, Task>? handlers;

    public void Add(Func<TArgs, Task>? handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Change(current => current + handler);
    }

    public void Remove(Func<TArgs, Task>? handler) => Change(current => current - handler);

    public async Task InvokeAsync(TArgs args)
    {
        if (Volatile.Read(ref handlers) is not { } current)
            return;

        foreach (var handler in current.GetInvocationList().Cast<Func<TArgs, Task>>())
            await handler(args).ConfigureAwait(false);
    }

    private void Change(Func<Func<TArgs, Task>?, Func<TArgs, Task>?> change)
    {
        Func<TArgs, Task>? seen;
        do
        {
            seen = Volatile.Read(ref handlers);
        }
        while (Interlocked.CompareExchange(ref handlers, change(seen), seen) != seen);
    }
}
