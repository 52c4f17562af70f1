using System.Numerics;

namespace EcgFm.Alerts;

/// <summary>Which of the last n windows counted.</summary>
internal struct RecentWindows(int windows)
{
    private readonly ulong _mask = (1UL << windows) - 1;
    private ulong _bits;

    /// <summary>The most windows that can be remembered.</summary>
    public const int Most = 63;

    public readonly int Count => BitOperations.PopCount(_bits);

    public void Add(bool counts) => _bits = (_bits << 1 | (counts ? 1UL : 0)) & _mask;

    public void Clear() => _bits = 0;

    /// <summary>How many windows ago the oldest window that counted was: 0 for the last one.</summary>
    public readonly int OldestAge => _bits == 0 ? 0 : 63 - BitOperations.LeadingZeroCount(_bits);
}
