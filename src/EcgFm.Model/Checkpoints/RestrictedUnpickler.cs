using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace EcgFm.Model.Checkpoints;

/// <summary>
/// Interprets a pickle (protocols 2 to 4) that torch.save wrote. It builds tensors' descriptions and plain containers; whatever else the
/// pickle names becomes an opaque value. Nothing is looked up, called or loaded. Opcodes: Python's Lib/pickletools.py.
/// </summary>
internal sealed class RestrictedUnpickler
{
    /// <summary>The largest pickle that is read, in bytes. The official one has about 0.2 MB.</summary>
    public const int MaxBytes = 32 << 20;

    private const int MaxValues = 4_000_000;
    private static readonly object Mark = new();
    private readonly byte[] _pickle;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _at;
    private int _values;

    private RestrictedUnpickler(byte[] pickle) => _pickle = pickle;

    /// <exception cref="FormatException">The pickle is broken, too large, or holds what torch.save never writes.</exception>
    public static object? Load(byte[] pickle)
    {
        if (pickle.Length > MaxBytes) throw new FormatException($"the pickle has {pickle.Length} bytes; at most {MaxBytes} are read.");
        return new RestrictedUnpickler(pickle).Run();
    }

    private object? Run()
    {
        while (true)
        {
            if (++_values > MaxValues) throw new FormatException($"the pickle has more than {MaxValues} steps.");
            var opcode = (char)Byte();
            switch (opcode)
            {
                case '\x80': Protocol(Byte()); break;
                case '\x95': _ = Take(8); break; // FRAME
                case '.': return Pop();
                case '(': _stack.Add(Mark); break;
                case '0': _ = PopAny(); break;
                case '1': _ = PopToMark(); break;
                case '2': _stack.Add(Peek()); break;
                case 'N': _stack.Add(null); break;
                case '\x88': _stack.Add(true); break;
                case '\x89': _stack.Add(false); break;
                case 'K': _stack.Add((long)Byte()); break;
                case 'M': _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
                case 'J': _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
                case '\x8a': _stack.Add(Long(Take(Byte()))); break;
                case '\x8b': _stack.Add(Long(Take(Count(4)))); break;
                case 'G': _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
                case 'X': _stack.Add(Text(Take(Count(4)))); break;
                case '\x8c': _stack.Add(Text(Take(Byte()))); break;
                case '\x8d': _stack.Add(Text(Take(Count(8)))); break;
                case 'U': _stack.Add(Text(Take(Byte()))); break;
                case 'T': _stack.Add(Text(Take(Count(4)))); break;
                case 'C': _stack.Add(Take(Byte()).ToArray()); break;
                case 'B': _stack.Add(Take(Count(4)).ToArray()); break;
                case '\x8e': _stack.Add(Take(Count(8)).ToArray()); break;
                case ')': _stack.Add(new PickleTuple([])); break;
                case '\x85': Tuple(1); break;
                case '\x86': Tuple(2); break;
                case '\x87': Tuple(3); break;
                case 't': _stack.Add(new PickleTuple(PopToMark())); break;
                case ']': _stack.Add(new List<object?>()); break;
                case 'l': _stack.Add(new List<object?>(PopToMark())); break;
                case '}': _stack.Add(new PickleDict()); break;
                case 'd': SetItems(PopToMark(), new PickleDict(), push: true); break;
                case '\x8f': _stack.Add(new List<object?>()); break; // EMPTY_SET
                case '\x91': _stack.Add(new List<object?>(PopToMark())); break; // FROZENSET
                case '\x90': Append(PopToMark()); break; // ADDITEMS
                case 'a': Append([Pop()]); break;
                case 'e': Append(PopToMark()); break;
                case 's': SetItem(); break;
                case 'u': SetItems(PopToMark(), Peek(), push: false); break;
                case 'q': _memo[Byte()] = Peek(); break;
                case 'r': _memo[Count(4)] = Peek(); break;
                case '\x94': _memo[_memo.Count] = Peek(); break;
                case 'h': _stack.Add(Remembered(Byte())); break;
                case 'j': _stack.Add(Remembered(Count(4))); break;
                case 'c': _stack.Add(new PickleGlobal(Line() + "." + Line())); break;
                case '\x93': StackGlobal(); break;
                case 'R': Reduce(); break;
                case '\x81': Reduce(); break; // NEWOBJ: class and arguments
                case '\x92': NewObjectEx(); break;
                case 'b': _ = Pop(); break; // BUILD: the attributes of an object, which no plain container has
                case 'Q': _stack.Add(Persistent(Pop())); break;
                default:
                    throw new FormatException($"opcode 0x{(int)opcode:x2} at byte {_at - 1} is not one that torch.save writes.");
            }
        }
    }

    private static void Protocol(int version)
    {
        if (version is < 2 or > 5) throw new FormatException($"pickle protocol {version}; expected 2 to 5.");
    }

    /// <summary>Notes the call of a global with arguments: the few makers of tensors and containers are known, all others stay opaque.</summary>
    private void Reduce()
    {
        var arguments = Pop();
        var maker = Pop();
        _stack.Add(maker switch
        {
            PickleGlobal { Name: "torch._utils._rebuild_tensor_v2" } => Tensor(arguments),
            PickleGlobal { Name: "torch._utils._rebuild_parameter" } when arguments is PickleTuple { Items: [PickleTensor tensor, ..] } => tensor,
            PickleGlobal { Name: "collections.OrderedDict" } => OrderedDict(arguments),
            PickleGlobal global => new PickleOpaque(global.Name),
            PickleOpaque opaque => opaque,
            _ => throw new FormatException("the pickle calls something that is no global."),
        });
    }

    private void NewObjectEx()
    {
        _ = Pop();
        Reduce();
    }

    private void StackGlobal()
    {
        if (Pop() is not string name || Pop() is not string module) throw new FormatException("a global's name is no text.");
        _stack.Add(new PickleGlobal(module + "." + name));
    }

    private PickleDict OrderedDict(object? arguments)
    {
        var dict = new PickleDict();
        if (arguments is not PickleTuple { Items: [List<object?> pairs] }) return dict;
        _values += pairs.Count; // one list can be copied many times
        if (_values > MaxValues) throw new FormatException($"the pickle has more than {MaxValues} values.");
        foreach (var pair in pairs)
        {
            IReadOnlyList<object?>? items = pair is PickleTuple tuple ? tuple.Items : pair as List<object?>;
            if (items is not [var key, var value]) throw new FormatException("an OrderedDict is made of something other than pairs.");
            dict.Set(key, value);
        }

        return dict;
    }

    /// <summary>(storage, offset, shape, strides, requires_grad, hooks[, metadata])</summary>
    private static PickleTensor Tensor(object? arguments)
    {
        if (arguments is not PickleTuple { Items: [PickleStorage storage, long offset, PickleTuple shape, PickleTuple strides, ..] })
            throw new FormatException("_rebuild_tensor_v2 has other arguments than storage, offset, shape and strides.");
        return new(storage, offset, Integers(shape), Integers(strides));
    }

    private static long[] Integers(PickleTuple tuple)
    {
        if (tuple.Items.Length > 16) throw new FormatException($"a tensor has {tuple.Items.Length} dimensions; at most 16 are read.");
        return Array.ConvertAll(tuple.Items, i => i is long n ? n : throw new FormatException("a tensor's shape or strides hold something other than integers."));
    }

    /// <summary>('storage', torch.FloatStorage, '0', 'cpu', 16384)</summary>
    private static PickleStorage Persistent(object? id)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal type, string key, _, long count, ..] })
            throw new FormatException("a persistent id has another form than ('storage', type, key, device, count).");
        return new(type.Name, key, count);
    }

    private void Append(object?[] items)
    {
        switch (Peek())
        {
            case List<object?> list: list.AddRange(items); break;
            case PickleOpaque: break;
            default: throw new FormatException("items are appended to something that is no list.");
        }
    }

    private void SetItem()
    {
        var value = Pop();
        var key = Pop();
        SetItems([key, value], Peek(), push: false);
    }

    private void SetItems(object?[] items, object? target, bool push)
    {
        if (items.Length % 2 != 0) throw new FormatException("a dict has a key without a value.");
        switch (target)
        {
            case PickleDict dict:
                for (var i = 0; i < items.Length; i += 2) dict.Set(items[i], items[i + 1]);
                break;
            case PickleOpaque: break;
            default: throw new FormatException("pairs are set in something that is no dict.");
        }

        if (push) _stack.Add(target);
    }

    private void Tuple(int count)
    {
        var items = new object?[count];
        for (var i = count - 1; i >= 0; i--) items[i] = Pop();
        _stack.Add(new PickleTuple(items));
    }

    private object? Remembered(long key) =>
        _memo.TryGetValue(key, out var value) ? value : throw new FormatException($"memo {key} is used before it is set.");

    private object? Peek()
    {
        if (_stack.Count == 0 || ReferenceEquals(_stack[^1], Mark)) throw new FormatException($"the stack is empty at byte {_at}.");
        return _stack[^1];
    }

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object? PopAny()
    {
        if (_stack.Count == 0) throw new FormatException($"the stack is empty at byte {_at}.");
        var value = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopToMark()
    {
        var mark = _stack.LastIndexOf(Mark);
        if (mark < 0) throw new FormatException($"a mark is missing before byte {_at}.");
        var items = _stack.GetRange(mark + 1, _stack.Count - mark - 1).ToArray();
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _pickle.Length - _at) throw new FormatException($"the pickle ends within a value at byte {_at}.");
        var bytes = _pickle.AsSpan(_at, count);
        _at += count;
        return bytes;
    }

    private int Count(int size)
    {
        var bytes = Take(size);
        var count = size == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return count <= int.MaxValue ? (int)count : throw new FormatException($"a count of {count} at byte {_at} is beyond any sense.");
    }

    private string Line()
    {
        var length = _pickle.AsSpan(_at).IndexOf((byte)'\n');
        if (length is < 0 or > 1024) throw new FormatException($"a name at byte {_at} has no end.");
        var text = Text(Take(length));
        _at++;
        return text;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>A signed little-endian integer; one that does not fit 64 bits is no size of anything here, and stays opaque.</summary>
    private static object Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= 8) return (long)new BigInteger(bytes);
        return new PickleOpaque("int of " + bytes.Length + " bytes");
    }
}
