namespace EcgFm.Acquisition.Tests.Frames;

/// <summary>What a bad line or disk does to bytes.</summary>
internal static class Damage
{
    /// <summary>A share of the bytes is flipped in one bit, dropped or doubled.</summary>
    public static byte[] To(ReadOnlySpan<byte> bytes, Random random, double share)
    {
        var damaged = new List<byte>(bytes.Length + 4);
        foreach (var value in bytes)
            switch (random.NextDouble() < share ? random.Next(3) : 3)
            {
                case 0:
                    damaged.Add((byte)(value ^ 1 << random.Next(8)));
                    break;
                case 1:
                    break;
                case 2:
                    damaged.AddRange([value, value]);
                    break;
                default:
                    damaged.Add(value);
                    break;
            }

        return [.. damaged];
    }
}
