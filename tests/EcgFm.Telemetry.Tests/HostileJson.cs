using System.Text;

namespace EcgFm.Telemetry.Tests;

/// <summary>Commands that are almost right: each has at least one thing wrong that a careless reader would take or fall over.</summary>
internal static class HostileJson
{
    private static readonly string[] Names = ["acknowledge", "pause", "resume", "snapshot"];

    private static readonly string[] Poison =
    [
        "\"\\u0000\"", "\"a\\r\\nINFO all is well\"", "\"\\ud83d\"", "\"$(reboot)\"", "\"'; DROP TABLE message; --\"", "\"../../etc/passwd\"", "\"#\"", "\"+/+\"", "\"\"",
        "{}", "[]", "[[[[[[[[[[]]]]]]]]]]", "null", "true", "-1", "1e308", "9223372036854775808", "\"" + new string('A', 300) + "\"",
    ];

    public static byte[] Make(Random random)
    {
        var name = Names[random.Next(Names.Length)];
        var bad = Poison[random.Next(Poison.Length)];
        var right = $"\"command\":\"{name}\",\"by\":\"x\"";
        var text = random.Next(8) switch
        {
            0 => $"{{\"command\":{bad},\"by\":\"x\"}}",
            1 => $"{{\"command\":\"{name}\",\"by\":{bad}}}",
            2 => $"{{{right},\"seconds\":{(bad is "true" ? "null" : bad)},\"alert\":{bad}}}",
            3 => $"{{{right},\"request\":{bad}}}",
            4 => $"{{{right},{right}}}",
            5 => $"{{{right},\"alert\":\"0193a1b2-0000-7000-8000-000000000001\",\"seconds\":60,\"__proto__\":{bad}}}",
            6 => new string('[', random.Next(1, 1000)),
            _ => $"{{{right}",
        };
        var bytes = Encoding.UTF8.GetBytes(text);
        // Some are cut, some are no UTF-8.
        if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length)];
        else if (random.Next(4) == 0) bytes[random.Next(bytes.Length)] = 0xff;
        return bytes;
    }
}
