using System.Runtime.InteropServices;
using MQTTnet.Packets;

namespace MQTTnet.Native;

/// <summary>Reads a list of MQTT 5 properties that libmosquitto owns.</summary>
internal readonly unsafe ref struct PropertyReader(nint list)
{
    private readonly nint list = list;

    public byte? Byte(int identifier)
    {
        byte value;
        return LibMosquitto.mosquitto_property_read_byte(list, identifier, &value, false) == 0 ? null : value;
    }

    public ushort? Int16(int identifier)
    {
        ushort value;
        return LibMosquitto.mosquitto_property_read_int16(list, identifier, &value, false) == 0 ? null : value;
    }

    public uint? Int32(int identifier)
    {
        uint value;
        return LibMosquitto.mosquitto_property_read_int32(list, identifier, &value, false) == 0 ? null : value;
    }

    public string? String(int identifier)
    {
        void* value = null;
        return LibMosquitto.mosquitto_property_read_string(list, identifier, &value, false) == 0 ? null : Take(value);
    }

    public byte[]? Binary(int identifier)
    {
        void* value = null;
        ushort length;
        if (LibMosquitto.mosquitto_property_read_binary(list, identifier, &value, &length, false) == 0)
            return null;

        var bytes = new ReadOnlySpan<byte>(value, value is null ? 0 : length).ToArray();
        NativeMemory.Free(value);
        return bytes;
    }

    public List<uint>? SubscriptionIdentifiers()
    {
        List<uint>? identifiers = null;
        uint value;
        for (var at = LibMosquitto.mosquitto_property_read_varint(list, PropertyId.SubscriptionIdentifier, &value, false);
             at != 0;
             at = LibMosquitto.mosquitto_property_read_varint(at, PropertyId.SubscriptionIdentifier, &value, true))
        {
            (identifiers ??= []).Add(value);
        }

        return identifiers;
    }

    public List<MqttUserProperty>? UserProperties()
    {
        List<MqttUserProperty>? properties = null;
        void* name = null;
        void* value = null;
        for (var at = LibMosquitto.mosquitto_property_read_string_pair(list, PropertyId.UserProperty, &name, &value, false);
             at != 0;
             at = LibMosquitto.mosquitto_property_read_string_pair(at, PropertyId.UserProperty, &name, &value, true))
        {
            (properties ??= []).Add(new MqttUserProperty(Take(name), Take(value)));
            name = value = null;
        }

        return properties;
    }

    // libmosquitto hands out copies from malloc.
    private static string Take(void* text)
    {
        var result = Marshal.PtrToStringUTF8((nint)text) ?? string.Empty;
        NativeMemory.Free(text);
        return result;
    }
}
