namespace EcgFm.Model.Checkpoints;

/// <summary>A dict of a pickle: pairs in order, with a look-up for the keys that are strings.</summary>
internal sealed class PickleDict
{
    private List<KeyValuePair<object?, object?>>? _pairs;
    private Dictionary<string, int>? _index;

    public IReadOnlyList<KeyValuePair<object?, object?>> Pairs => _pairs ?? [];

    public void Set(object? key, object? value)
    {
        _pairs ??= [];
        if (key is string name)
        {
            _index ??= new(StringComparer.Ordinal);
            if (_index.TryGetValue(name, out var at))
            {
                _pairs[at] = new(key, value);
                return;
            }

            _index[name] = _pairs.Count;
        }

        _pairs.Add(new(key, value));
    }

    public bool TryGet(string key, out object? value)
    {
        if (_index is not null && _index.TryGetValue(key, out var at))
        {
            value = _pairs![at].Value;
            return true;
        }

        value = null;
        return false;
    }
}

/// <summary>A tuple of a pickle.</summary>
internal sealed record PickleTuple(object?[] Items);

/// <summary>A class or function that a pickle names. It is a name only: nothing is ever looked up or called.</summary>
internal sealed record PickleGlobal(string Name);

/// <summary>Something that a pickle would build by calling <paramref name="Maker"/>. Nothing was called.</summary>
internal sealed record PickleOpaque(string Maker);

/// <summary>A reference to the data of tensors.</summary>
internal sealed record PickleStorage(string Type, string Key, long Count);

/// <summary>A view of a storage; nothing is checked or read before somebody asks for the data.</summary>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, long[] Shape, long[] Strides);
