namespace EcgFm.Acquisition.Bluetooth;

/// <summary>Names of BlueZ's D-Bus interface, as its <c>doc/org.bluez.*.rst</c> give them.</summary>
internal static class BlueZNames
{
    public const string Service = "org.bluez";
    public const string Adapter = "org.bluez.Adapter1";
    public const string Device = "org.bluez.Device1";
    public const string GattService = "org.bluez.GattService1";
    public const string Characteristic = "org.bluez.GattCharacteristic1";
    public const string ProfileManager = "org.bluez.ProfileManager1";
    public const string Profile = "org.bluez.Profile1";
    public const string ObjectManager = "org.freedesktop.DBus.ObjectManager";
    public const string Properties = "org.freedesktop.DBus.Properties";
    public const string Error = "org.bluez.Error.";

    /// <summary>The 128-bit form of a number that the Bluetooth SIG assigned, in lower case as BlueZ writes it.</summary>
    public static string Assigned(ushort number) => $"0000{number:x4}-0000-1000-8000-00805f9b34fb";
}
