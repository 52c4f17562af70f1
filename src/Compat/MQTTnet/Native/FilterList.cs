using System.Runtime.InteropServices;

namespace MQTTnet.Native;

/// <summary>Topic filters as an array of C strings, for one call.</summary>
internal sealed unsafe class FilterList : IDisposable
{
    private readonly nint[] texts;

    public FilterList(IEnumerable<string> filters)
    {
        texts = [.. filters.Select(Marshal.StringToCoTaskMemUTF8)];
    }

    public delegate int Call(nint* filters, int count);

    public int Invoke(Call call)
    {
        fixed (nint* first = texts)
            return call(first, texts.Length);
    }

    public void Dispose()
    {
        foreach (var text in texts)
            Marshal.FreeCoTaskMem(text);
    }
}
