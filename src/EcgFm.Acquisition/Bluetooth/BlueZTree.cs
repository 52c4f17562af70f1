using EcgFm.Acquisition.Bluetooth.DBus;

namespace EcgFm.Acquisition.Bluetooth;

/// <summary>BlueZ's objects and their properties as they are now, kept up to date by its signals. Safe to read from any thread.</summary>
internal sealed class BlueZTree
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<string, Dictionary<string, object?>>> _objects = [];
    private readonly List<Func<bool>> _waiting = [];
    private readonly Dictionary<string, Action<byte[]>> _values = [];

    /// <summary>Takes the answer of <c>GetManagedObjects</c> for what there is.</summary>
    public void Replace(Dictionary<string, object?> objects) => Change(() =>
    {
        _objects.Clear();
        foreach (var (path, interfaces) in objects) Add(path, (Dictionary<string, object?>)interfaces!);
    });

    /// <summary>BlueZ is gone, and all with it.</summary>
    public void Clear() => Change(_objects.Clear);

    /// <summary>Takes a signal.</summary>
    public void Take(DBusMessage signal)
    {
        switch (signal)
        {
            case { Member: "InterfacesAdded", Arguments: [string path, Dictionary<string, object?> interfaces] }:
                Change(() => Add(path, interfaces));
                break;
            case { Member: "InterfacesRemoved", Arguments: [string path, object?[] interfaces] }:
                Change(() =>
                {
                    if (!_objects.TryGetValue(path, out var known)) return;
                    foreach (var name in interfaces) known.Remove((string)name!);
                    if (known.Count == 0) _objects.Remove(path);
                });
                break;
            case { Member: "PropertiesChanged", Path: var path, Arguments: [string name, Dictionary<string, object?> changed, object?[] invalidated] }:
                Action<byte[]>? heard = null;
                Change(() =>
                {
                    if (!_objects.TryGetValue(path, out var interfaces) || !interfaces.TryGetValue(name, out var properties)) return;
                    foreach (var (key, value) in changed) properties[key] = value;
                    foreach (var key in invalidated) properties.Remove((string)key!);
                    _values.TryGetValue(path, out heard);
                });
                if (name == BlueZNames.Characteristic && changed.GetValueOrDefault("Value") is byte[] bytes) heard?.Invoke(bytes);
                break;
        }
    }

    /// <summary>A property; the default when the object, the interface or the property is not there.</summary>
    public T? Get<T>(string path, string @interface, string property)
    {
        lock (_gate)
            return _objects.TryGetValue(path, out var interfaces) && interfaces.TryGetValue(@interface, out var properties) && properties.GetValueOrDefault(property) is T value
                ? value
                : default;
    }

    /// <summary>Whether an object has an interface.</summary>
    public bool Has(string path, string @interface)
    {
        lock (_gate) return _objects.TryGetValue(path, out var interfaces) && interfaces.ContainsKey(@interface);
    }

    /// <summary>The objects with an interface, by their paths.</summary>
    public IReadOnlyList<string> With(string @interface)
    {
        lock (_gate) return [.. _objects.Where(found => found.Value.ContainsKey(@interface)).Select(found => found.Key).Order(StringComparer.Ordinal)];
    }

    /// <summary>Completes with the first answer that is not null; the question is asked now and after every change. A question that throws ends the waiting.</summary>
    public async Task<T> WhenAsync<T>(Func<BlueZTree, T?> question, CancellationToken cancellation)
        where T : class
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            if (!Ask()) _waiting.Add(Ask);
        try
        {
            return await answer.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate) _waiting.Remove(Ask);
        }

        bool Ask()
        {
            try
            {
                return question(this) is { } found && answer.TrySetResult(found);
            }
            catch (DeviceException fault)
            {
                return answer.TrySetException(fault);
            }
        }
    }

    /// <summary>Hears each value that a characteristic notifies by its property, in order, until disposed.</summary>
    public IDisposable OnValue(string path, Action<byte[]> heard)
    {
        lock (_gate) _values[path] = heard;
        return System.Reactive.Disposables.Disposable.Create(() =>
        {
            lock (_gate) _values.Remove(path);
        });
    }

    private void Add(string path, Dictionary<string, object?> interfaces)
    {
        if (!_objects.TryGetValue(path, out var known)) _objects[path] = known = [];
        foreach (var (name, properties) in interfaces) known[name] = new((Dictionary<string, object?>)properties!);
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            _waiting.RemoveAll(ask => ask());
        }
    }
}
