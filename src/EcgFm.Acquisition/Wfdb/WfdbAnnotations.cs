using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace EcgFm.Acquisition.Wfdb;

/// <summary>An annotation file in MIT format, as <c>annot(5)</c> of the WFDB Applications Guide defines it.</summary>
public sealed record WfdbAnnotations
{
    private const int Skip = 59, Num = 60, Sub = 61, Chn = 62, Aux = 63;
    private const int MaxInterval = 0x3FF;
    private const string ResolutionNote = "## time resolution: ";
    private const string DefinitionsBegin = "## annotation type definitions";
    private const string DefinitionsEnd = "## end of definitions";

    /// <summary>The annotations in the order of the file, which is that of time.</summary>
    public required ImmutableArray<Annotation> Items { get; init; }

    /// <summary>Ticks per second of the annotations' times, when the file says so; otherwise they count the record's frames.</summary>
    public double? TimeResolution { get; init; }

    /// <summary>The annotations that mark beats.</summary>
    public IEnumerable<Annotation> Beats => Items.Where(annotation => annotation.IsBeat);

    /// <summary>Reads an annotation file.</summary>
    /// <param name="path">The path with its extension, such as <c>101.atr</c>.</param>
    /// <exception cref="WfdbException">The file is missing or is no annotation file in MIT format.</exception>
    public static WfdbAnnotations Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new WfdbException($"{path}: there is no such annotation file.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new WfdbException($"{path}: the annotation file may not be read by this user.", error);
        }
    }

    /// <summary>Reads annotations from the bytes of a file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">The name that errors give.</param>
    /// <exception cref="WfdbException">The bytes are no annotations in MIT format.</exception>
    public static WfdbAnnotations Parse(ReadOnlySpan<byte> bytes, string file = "annotations")
    {
        var items = ImmutableArray.CreateBuilder<Annotation>();
        double? resolution = null;
        var inDefinitions = false;
        var ended = false;
        long time = 0;
        byte channel = 0;
        sbyte number = 0;
        Annotation? open = null;
        for (var at = 0; at + 1 < bytes.Length;)
        {
            int word = BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]), code = word >> 10, value = word & MaxInterval;
            at += 2;
            switch (code)
            {
                case 0 when value == 0:
                    ended = true;
                    break;
                case Skip:
                    if (at + 4 > bytes.Length) throw Truncated(file, bytes.Length, "a SKIP");
                    // The high half comes first, each half with its low byte first: the PDP-11's order.
                    var skipped = BinaryPrimitives.ReadInt16LittleEndian(bytes[at..]) << 16 | BinaryPrimitives.ReadUInt16LittleEndian(bytes[(at + 2)..]);
                    Flush();
                    time += skipped;
                    at += 4;
                    break;
                case Num:
                    number = (sbyte)value;
                    if (open is not null) open = open.Value with { Number = number };
                    break;
                case Sub:
                    if (open is not null) open = open.Value with { SubType = (sbyte)value };
                    break;
                case Chn:
                    channel = (byte)value;
                    if (open is not null) open = open.Value with { Channel = channel };
                    break;
                case Aux:
                    if (at + value > bytes.Length) throw Truncated(file, bytes.Length, "an AUX string");
                    if (open is not null) open = open.Value with { Aux = Encoding.UTF8.GetString(bytes.Slice(at, value)).TrimEnd('\0') };
                    at += value + (value & 1);
                    break;
                case > AnnotationCode.Max:
                    throw new WfdbException($"{file}, byte {at - 2}: expected an annotation code up to {AnnotationCode.Max} or 59 to 63, found {code}: this is no annotation file in MIT format.");
                default:
                    Flush();
                    time += value;
                    open = new Annotation(time, (byte)code, Channel: channel, Number: number);
                    break;
            }

            if (ended) break;
        }

        if (!ended) throw Truncated(file, bytes.Length, "the annotations");
        Flush();
        return new WfdbAnnotations { Items = items.ToImmutable(), TimeResolution = resolution };

        // The library's own notes at time zero are about the file, not about the signal.
        void Flush()
        {
            if (open is not { } annotation) return;
            open = null;
            if (annotation is { Sample: 0, Code: AnnotationCode.Note, Aux: { } text })
            {
                if (text.StartsWith(ResolutionNote, StringComparison.Ordinal)
                    && double.TryParse(text[ResolutionNote.Length..], NumberStyles.Float, CultureInfo.InvariantCulture, out var hertz) && hertz > 0)
                {
                    resolution = hertz;
                    return;
                }

                if (text.StartsWith(DefinitionsBegin, StringComparison.Ordinal)) inDefinitions = true;
                if (inDefinitions)
                {
                    if (text.StartsWith(DefinitionsEnd, StringComparison.Ordinal)) inDefinitions = false;
                    return;
                }
            }

            if (annotation.Code != 0) items.Add(annotation);
        }
    }

    /// <summary>The spans of rhythm: each from its annotation (<c>(AFIB</c>) to the next one, whatever that says, or to the end.</summary>
    /// <param name="end">The sample after the record's last one.</param>
    public ImmutableArray<RhythmSpan> Rhythms(long end)
    {
        var (spans, open) = (ImmutableArray.CreateBuilder<RhythmSpan>(), false);
        foreach (var item in Items)
        {
            if (item.Code != AnnotationCode.Rhythm) continue;
            Close(item.Sample);
            open = item.Aux is ['(', ..];
            if (open) spans.Add(new RhythmSpan(item.Aux![1..].Trim(), item.Sample, end));
        }

        Close(end);
        return spans.ToImmutable();

        void Close(long at)
        {
            if (!open) return;
            if (spans[^1].Start < at) spans[^1] = spans[^1] with { End = at };
            else spans.RemoveAt(spans.Count - 1);
        }
    }

    /// <summary>Writes an annotation file.</summary>
    /// <param name="path">The path with its extension.</param>
    /// <exception cref="ArgumentException">An annotation precedes its predecessor, has an unknown code or an aux string of more than 255 bytes.</exception>
    public void Write(string path) => AtomicFile.Write(path, ToBytes());

    /// <summary>The bytes of the annotation file.</summary>
    /// <exception cref="ArgumentException">As <see cref="Write"/>.</exception>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        long time = 0;
        byte channel = 0;
        sbyte number = 0;
        if (TimeResolution is { } resolution)
        {
            Word(AnnotationCode.Note, 0);
            Text(ResolutionNote + resolution.ToString("R", CultureInfo.InvariantCulture));
        }

        foreach (var item in Items)
        {
            if (item.Sample < time) throw new ArgumentException($"The annotation at sample {item.Sample} follows one at sample {time}: annotations are in the order of time.");
            if (item.Code is 0 or > AnnotationCode.Max) throw new ArgumentException($"The annotation at sample {item.Sample} has code {item.Code}; codes are 1 to {AnnotationCode.Max}.");
            var interval = item.Sample - time;
            while (interval > MaxInterval)
            {
                var skip = (int)Math.Min(interval, int.MaxValue);
                Word(Skip, 0);
                Raw((ushort)(skip >> 16));
                Raw((ushort)skip);
                interval -= skip;
            }

            Word(item.Code, (int)interval);
            time = item.Sample;
            if (item.SubType != 0) Word(Sub, item.SubType & 0xFF);
            if (item.Channel != channel) Word(Chn, channel = item.Channel);
            if (item.Number != number) Word(Num, (number = item.Number) & 0xFF);
            if (!string.IsNullOrEmpty(item.Aux)) Text(item.Aux);
        }

        Raw(0);
        return bytes.ToArray();

        void Word(int code, int value) => Raw((ushort)(code << 10 | value));

        void Raw(ushort word)
        {
            bytes.WriteByte((byte)word);
            bytes.WriteByte((byte)(word >> 8));
        }

        void Text(string text)
        {
            var encoded = Encoding.UTF8.GetBytes(text);
            if (encoded.Length > 255) throw new ArgumentException($"The aux string '{text[..40]}…' takes {encoded.Length} bytes; at most 255 fit.");
            Word(Aux, encoded.Length);
            bytes.Write(encoded);
            if ((encoded.Length & 1) != 0) bytes.WriteByte(0);
        }
    }

    /// <summary>The same annotations with times in samples of the given rate.</summary>
    internal WfdbAnnotations InSamplesOf(double sampleRate, double frameRate)
    {
        var factor = sampleRate / (TimeResolution ?? frameRate);
        return factor == 1 ? this : this with
        {
            TimeResolution = sampleRate,
            Items = [.. Items.Select(item => item with { Sample = (long)Math.Round(item.Sample * factor) })],
        };
    }

    private static WfdbException Truncated(string file, int length, string what) =>
        new($"{file}: {what} should go on, but the file ends after {length} bytes: it is truncated or is no annotation file in MIT format.");
}
