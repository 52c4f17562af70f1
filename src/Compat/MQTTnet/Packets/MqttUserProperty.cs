namespace MQTTnet.Packets;

/// <summary>A name and value pair of MQTT 5.</summary>
public sealed class MqttUserProperty
{
    /// <summary>Creates the pair.</summary>
    public MqttUserProperty(string name, string value)
    {
        Name = name ?? throw new ArgumentNullException(nameof(name));
        Value = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The value.</summary>
    public string Value { get; }

    /// <summary>Whether names and values are the same.</summary>
    public bool Equals(MqttUserProperty? other) =>
        other is not null && Name == other.Name && Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MqttUserProperty);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Value);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {Value}";
}
