using EcgFm.Core;
using EcgFm.Model.Checkpoints;
using EcgFm.Signal;

namespace EcgFm.Model.Conversion;

/// <summary>Segments [leads × 2500] for calibration and comparison, from windows or made up.</summary>
internal sealed class SegmentSource
{
    private const int PerWindow = EcgWindow.Length / NetworkArchitecture.SegmentLength;
    private readonly IReadOnlyList<EcgWindow> _windows;
    private readonly WindowPreparation _preparation;
    private readonly int _leads;

    public SegmentSource(ConversionOptions options, InputFilter filter, int leads)
    {
        _windows = leads == StandardLeads.Count ? options.Calibration : [];
        _preparation = new(filter);
        _leads = leads;
        Description = _windows.Count > 0 ? options.CalibrationSource : "synthetic segments";
    }

    public string Description { get; }

    /// <summary>Segment n. Windows are taken in an order that spreads over all of them, so that few segments still see many recordings.</summary>
    public float[] this[int number]
    {
        get
        {
            if (_windows.Count == 0) return SyntheticSegments.Make(number, _leads);
            var window = _preparation.Prepare(_windows[(int)((long)number * Stride(_windows.Count) % _windows.Count)]);
            var segment = new float[_leads * NetworkArchitecture.SegmentLength];
            for (var lead = 0; lead < _leads; lead++)
                window.AsSpan(lead * EcgWindow.Length + number % PerWindow * NetworkArchitecture.SegmentLength, NetworkArchitecture.SegmentLength)
                    .CopyTo(segment.AsSpan(lead * NetworkArchitecture.SegmentLength));
            return segment;
        }
    }

    /// <summary>A step near the golden section that shares no factor with the count.</summary>
    private static int Stride(int count)
    {
        var stride = Math.Max(1, (int)(count * 0.618));
        while (Gcd(stride, count) != 1) stride++;
        return stride;

        static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
    }
}
