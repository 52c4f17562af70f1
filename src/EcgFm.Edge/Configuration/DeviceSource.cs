using EcgFm.Acquisition.Profiles;

namespace EcgFm.Edge.Configuration;

/// <summary>Reads a source of the type device.</summary>
internal static class DeviceSource
{
    private const string Ports = "a serial port, best by its stable name below /dev/serial/by-id, or tcp://HOST:PORT";

    /// <summary>Bluetooth devices have an address and no port; both keys mean the same place.</summary>
    public static SourceConfiguration Read(SettingsReader source)
    {
        var profile = Profile(source);
        var wireless = profile.Transport.Kind is TransportKind.BleNotify or TransportKind.Rfcomm;
        var port = wireless
            ? source.Required("address", "the address of a Bluetooth device, such as 24:AC:AC:05:A3:1B")
            : source.Required("port", Ports);
        int? baudRate = source.Has("baudRate") ? source.Integer("baudRate", 115200, 1200, 4_000_000) : null;
        return new SourceConfiguration.Device(TestsLeads(source, profile) ? profile.WithLeadOffTest() : profile, port, baudRate);
    }

    private static bool TestsLeads(SettingsReader source, DeviceProfile profile)
    {
        var wanted = source.Flag("leadOffTest", false);
        if (wanted && profile.LeadOffTest is null) source.Wrong("leadOffTest", "true", $"false with the profile {profile.Name}, whose board has no lead-off test");
        return wanted && profile.LeadOffTest is not null;
    }

    /// <summary>Two beds on one port would take each other's samples.</summary>
    public static void RejectSharedPorts(IReadOnlyList<BedConfiguration> beds, List<string> errors)
    {
        foreach (var same in beds.Where(bed => bed.Source is SourceConfiguration.Device { Port.Length: > 0 })
            .GroupBy(bed => RealPort(((SourceConfiguration.Device)bed.Source).Port), StringComparer.Ordinal)
            .Where(same => same.Count() > 1))
            errors.Add($"beds {string.Join(" and ", same.Select(bed => bed.Name))} have the same port {same.Key}; each device serves one bed");
    }

    private static DeviceProfile Profile(SettingsReader source)
    {
        try
        {
            return ProfileCatalog.Default.Find(source.Text("profile", _ => true, "a profile's name, or the path of its file", DeviceProfile.EcgFm.Name)!);
        }
        catch (ProfileException fault)
        {
            foreach (var error in fault.Errors) source.Error($"{source.Path("profile")}: {error}");
            return DeviceProfile.EcgFm;
        }
    }

    /// <summary>The stable name and the kernel's name of a port are the same port.</summary>
    private static string RealPort(string port)
    {
        try
        {
            return File.ResolveLinkTarget(port, returnFinalTarget: true)?.FullName ?? port;
        }
        catch (IOException)
        {
            return port;
        }
    }
}
