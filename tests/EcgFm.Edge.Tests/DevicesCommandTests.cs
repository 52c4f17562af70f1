using EcgFm.Edge.Commands;

namespace EcgFm.Edge.Tests;

public class DevicesCommandTests
{
    [Fact]
    public void A_scan_is_told_as_what_a_configuration_needs()
    {
        using var output = new StringWriter { NewLine = "\n" };
        DevicesCommand.ListBluetooth(output,
        [
            new("A0:9E:1A:12:34:56", "Polar H10 1234ABCD", -60, false, []),
            new("00:11:22:33:44:55", "HC-05", null, true, []),
        ]);
        DevicesCommand.ListBluetooth(output, []);

        Assert.Equal("""
            Bluetooth
              A0:9E:1A:12:34:56  Polar H10 1234ABCD, -60 dBm
              00:11:22:33:44:55  HC-05, paired
            Bluetooth
              none

            """, output.ToString());
    }
}
