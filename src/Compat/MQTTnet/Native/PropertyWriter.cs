using MQTTnet.Exceptions;
using MQTTnet.Packets;

namespace MQTTnet.Native;

/// <summary>Builds a list of MQTT 5 properties for one call; what is default or empty is left out, and everything before MQTT 5.</summary>
internal sealed unsafe class PropertyWriter(bool enabled) : IDisposable
{
    private nint list;

    /// <summary>The list; zero when it is empty.</summary>
    public nint List => list;

    public void AddByte(int identifier, byte value)
    {
        if (!enabled)
            return;

        fixed (nint* head = &list)
            Check(LibMosquitto.mosquitto_property_add_byte(head, identifier, value));
    }

    public void AddInt16(int identifier, ushort value)
    {
        if (!enabled || value == 0)
            return;

        fixed (nint* head = &list)
            Check(LibMosquitto.mosquitto_property_add_int16(head, identifier, value));
    }

    public void AddInt32(int identifier, uint value)
    {
        if (!enabled || value == 0)
            return;

        fixed (nint* head = &list)
            Check(LibMosquitto.mosquitto_property_add_int32(head, identifier, value));
    }

    public void AddVariableInt(int identifier, uint value)
    {
        if (!enabled || value == 0)
            return;

        fixed (nint* head = &list)
            Check(LibMosquitto.mosquitto_property_add_varint(head, identifier, value));
    }

    public void AddString(int identifier, string? value)
    {
        if (!enabled || string.IsNullOrEmpty(value))
            return;

        fixed (nint* head = &list)
            Check(LibMosquitto.mosquitto_property_add_string(head, identifier, value));
    }

    public void AddBinary(int identifier, byte[]? value)
    {
        if (!enabled || value is null || value.Length == 0)
            return;
        if (value.Length > ushort.MaxValue)
            throw new MqttProtocolViolationException("Binary properties hold 65,535 bytes at most.");

        fixed (nint* head = &list)
        fixed (byte* bytes = value)
            Check(LibMosquitto.mosquitto_property_add_binary(head, identifier, bytes, (ushort)value.Length));
    }

    public void AddUserProperties(List<MqttUserProperty>? properties)
    {
        foreach (var property in enabled ? properties ?? [] : [])
        {
            fixed (nint* head = &list)
                Check(LibMosquitto.mosquitto_property_add_string_pair(head, PropertyId.UserProperty, property.Name, property.Value));
        }
    }

    /// <summary>Leaves the list to libmosquitto.</summary>
    public void Release() => list = 0;

    public void Dispose()
    {
        if (list == 0)
            return;

        fixed (nint* head = &list)
            LibMosquitto.mosquitto_property_free_all(head);
        list = 0;
    }

    private static void Check(int code)
    {
        if (code != LibMosquitto.Success)
            throw new MqttProtocolViolationException($"An MQTT 5 property is not valid: {LibMosquitto.Describe(code)}");
    }
}
