namespace EcgFm.Edge.Doctor;

/// <summary>Bluetooth: an adapter that is not blocked, and BlueZ.</summary>
/// <param name="needed">Whether a bed's device is a Bluetooth one; else what is missing is no matter.</param>
/// <param name="box">The box.</param>
internal sealed class BluetoothCheck(bool needed, BoxFiles box) : Check("bluetooth")
{
    protected override IEnumerable<Finding> Look()
    {
        var adapters = box.Entries("/sys/class/bluetooth").Select(path => Path.GetFileName(path)!).Where(name => !name.Contains(':', StringComparison.Ordinal)).ToList();
        if (adapters.Count == 0)
        {
            yield return needed ? Problem("no Bluetooth adapter is there", "dmesg | grep -i bluetooth") : Ok("no adapter, and no bed needs one");
            yield break;
        }

        foreach (var blocked in box.Entries("/sys/class/rfkill").Where(path => box.Read(path + "/type") == "bluetooth" && (box.Read(path + "/soft") == "1" || box.Read(path + "/hard") == "1")))
            yield return Bad($"{box.Read(blocked + "/name")} is switched off", "rfkill unblock bluetooth");
        if (!File.Exists(box.At("/usr/libexec/bluetooth/bluetoothd")) && !File.Exists(box.At("/usr/lib/bluetooth/bluetoothd")))
            yield return Bad("BlueZ is not installed", "sudo apt install bluez");
        else if (!File.Exists(box.At("/run/dbus/system_bus_socket")))
            yield return Bad("the system's D-Bus is not running", "sudo systemctl start dbus bluetooth");
        else yield return Ok($"BlueZ, adapter {string.Join(", ", adapters)}");
    }

    private Finding Bad(string text, string cure) => needed ? Problem(text, cure) : Warning(text, cure);
}
