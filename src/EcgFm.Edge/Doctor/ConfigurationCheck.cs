using EcgFm.Edge.Configuration;

namespace EcgFm.Edge.Doctor;

/// <summary>The configuration. What other checks need of it is in <see cref="Configuration"/> afterwards.</summary>
internal sealed class ConfigurationCheck : Check
{
    private readonly string _file;
    private readonly IReadOnlyList<string> _errors = [];

    public ConfigurationCheck(string file)
        : base("configuration")
    {
        _file = file;
        try
        {
            Configuration = ConfigurationLoader.Load(file);
        }
        catch (ConfigurationException fault)
        {
            _errors = fault.Errors;
        }
    }

    /// <summary>The configuration; null when it is wrong.</summary>
    public EdgeConfiguration? Configuration { get; }

    protected override IEnumerable<Finding> Look() => Configuration is { } read
        ? [Ok($"{_file}: {read.Beds.Count} bed(s), broker {read.Broker?.Address.ToString() ?? "none"}")]
        : _errors.Select(error => Problem(error, File.Exists(_file) ? $"sudo nano {_file}" : $"sudo cp /usr/share/doc/ecgfm-edge/ecgfm-edge.example.json {_file}"));
}
