using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>Builds <see cref="MqttClientOptions"/>.</summary>
public sealed class MqttClientOptionsBuilder
{
    private const int DefaultPort = 1883;
    private const int SecurePort = 8883;

    private readonly MqttClientOptions options = new();
    private EndPoint? remoteEndPoint;
    private MqttClientTcpOptions? tcpOptions;
    private MqttClientTlsOptions? tlsOptions;

    /// <summary>The finished options; a server must have been set.</summary>
    public MqttClientOptions Build()
    {
        if (tcpOptions is null)
            throw new InvalidOperationException("A channel must be set.");

        tcpOptions.TlsOptions = tlsOptions ?? tcpOptions.TlsOptions;
        tcpOptions.RemoteEndpoint ??= remoteEndPoint ?? throw new ArgumentException("No endpoint is set.");
        var defaultPort = tcpOptions.TlsOptions.UseTls ? SecurePort : DefaultPort;
        tcpOptions.RemoteEndpoint = tcpOptions.RemoteEndpoint switch
        {
            DnsEndPoint { Port: 0 } name => new DnsEndPoint(name.Host, defaultPort, name.AddressFamily),
            IPEndPoint { Port: 0 } address => new IPEndPoint(address.Address, defaultPort),
            var complete => complete,
        };

        options.ChannelOptions = tcpOptions;
        FeatureValidator.ThrowIfNotSupported(options);
        return options;
    }

    /// <summary>Sets the server's host name or address and its port (1883, or 8883 when secured).</summary>
    public MqttClientOptionsBuilder WithTcpServer(string host, int? port = null, AddressFamily addressFamily = AddressFamily.Unspecified)
    {
        ArgumentNullException.ThrowIfNull(host);
        return WithEndPoint(new DnsEndPoint(host, port ?? 0, addressFamily));
    }

    /// <summary>Sets the server, built by the caller.</summary>
    public MqttClientOptionsBuilder WithTcpServer(Action<MqttClientTcpOptions> optionsBuilder)
    {
        ArgumentNullException.ThrowIfNull(optionsBuilder);
        tcpOptions = new MqttClientTcpOptions();
        optionsBuilder(tcpOptions);
        return this;
    }

    /// <summary>Sets user name and password.</summary>
    public MqttClientOptionsBuilder WithCredentials(string username, string password) =>
        WithCredentials(username, password is null ? null : Encoding.UTF8.GetBytes(password));

    /// <summary>Sets user name and password.</summary>
    public MqttClientOptionsBuilder WithCredentials(string username, byte[]? password = null) =>
        WithCredentials(new MqttClientCredentials(username, password));

    /// <summary>Sets transport security, built by the caller.</summary>
    public MqttClientOptionsBuilder WithTlsOptions(Action<MqttClientTlsOptionsBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new MqttClientTlsOptionsBuilder();
        configure(builder);
        return WithTlsOptions(builder.Build());
    }

    /// <summary>Sets the version of the protocol.</summary>
    public MqttClientOptionsBuilder WithProtocolVersion(MqttProtocolVersion value)
    {
        if (value == MqttProtocolVersion.Unknown)
            throw new ArgumentException("Protocol version is invalid.");

        options.ProtocolVersion = value;
        return this;
    }

    /// <summary>Sets the will's content as UTF-8 text.</summary>
    public MqttClientOptionsBuilder WithWillPayload(string willPayload) =>
        WithWillPayload(string.IsNullOrEmpty(willPayload) ? default : new ArraySegment<byte>(Encoding.UTF8.GetBytes(willPayload)));

    /// <summary>Does without probing the link.</summary>
    public MqttClientOptionsBuilder WithNoKeepAlive() => WithKeepAlivePeriod(TimeSpan.Zero);

    /// <summary>Sets the server.</summary>
    public MqttClientOptionsBuilder WithEndPoint(EndPoint endPoint)
    {
        remoteEndPoint = endPoint ?? throw new ArgumentNullException(nameof(endPoint));
        tcpOptions = new MqttClientTcpOptions();
        return this;
    }

    /// <summary>Makes the server forget an earlier session first.</summary>
    public MqttClientOptionsBuilder WithCleanSession(bool value = true)
    {
        options.CleanSession = value;
        return this;
    }

    /// <summary>Makes the server forget an earlier session first.</summary>
    public MqttClientOptionsBuilder WithCleanStart(bool value = true)
    {
        options.CleanSession = value;
        return this;
    }

    /// <summary>Sets the client's identifier.</summary>
    public MqttClientOptionsBuilder WithClientId(string value)
    {
        options.ClientId = value;
        return this;
    }

    /// <summary>Sets who gives user name and password.</summary>
    public MqttClientOptionsBuilder WithCredentials(IMqttClientCredentialsProvider credentials)
    {
        options.Credentials = credentials;
        return this;
    }

    /// <summary>Sets after how long without traffic the link is probed.</summary>
    public MqttClientOptionsBuilder WithKeepAlivePeriod(TimeSpan value)
    {
        options.KeepAlivePeriod = value;
        return this;
    }

    /// <summary>Sets the largest packet the client takes, in bytes (MQTT 5).</summary>
    public MqttClientOptionsBuilder WithMaximumPacketSize(uint maximumPacketSize)
    {
        options.MaximumPacketSize = maximumPacketSize;
        return this;
    }

    /// <summary>Sets how many unacknowledged messages the client takes at once (MQTT 5).</summary>
    public MqttClientOptionsBuilder WithReceiveMaximum(ushort receiveMaximum)
    {
        options.ReceiveMaximum = receiveMaximum;
        return this;
    }

    /// <summary>Lets the server explain failures (MQTT 5).</summary>
    public MqttClientOptionsBuilder WithRequestProblemInformation(bool requestProblemInformation = true)
    {
        options.RequestProblemInformation = requestProblemInformation;
        return this;
    }

    /// <summary>Asks the server to suggest response topics (MQTT 5).</summary>
    public MqttClientOptionsBuilder WithRequestResponseInformation(bool requestResponseInformation = true)
    {
        options.RequestResponseInformation = requestResponseInformation;
        return this;
    }

    /// <summary>Sets how long the server keeps the session, in seconds (MQTT 5).</summary>
    public MqttClientOptionsBuilder WithSessionExpiryInterval(uint sessionExpiryInterval)
    {
        options.SessionExpiryInterval = sessionExpiryInterval;
        return this;
    }

    /// <summary>Sets how long to wait for the server where the caller gave no cancellation token.</summary>
    public MqttClientOptionsBuilder WithTimeout(TimeSpan value)
    {
        options.Timeout = value;
        return this;
    }

    /// <summary>Sets transport security.</summary>
    public MqttClientOptionsBuilder WithTlsOptions(MqttClientTlsOptions tlsOptions)
    {
        this.tlsOptions = tlsOptions;
        return this;
    }

    /// <summary>Adds a name and value pair for the server (MQTT 5).</summary>
    public MqttClientOptionsBuilder WithUserProperty(string name, string value)
    {
        (options.UserProperties ??= []).Add(new MqttUserProperty(name, value));
        return this;
    }

    /// <summary>Sets the will's kind of payload (MQTT 5).</summary>
    public MqttClientOptionsBuilder WithWillContentType(string willContentType)
    {
        options.WillContentType = willContentType;
        return this;
    }

    /// <summary>Sets the will's correlation data (MQTT 5).</summary>
    public MqttClientOptionsBuilder WithWillCorrelationData(byte[] willCorrelationData)
    {
        options.WillCorrelationData = willCorrelationData;
        return this;
    }

    /// <summary>Sets how long the server waits before it publishes the will, in seconds (MQTT 5).</summary>
    public MqttClientOptionsBuilder WithWillDelayInterval(uint willDelayInterval)
    {
        options.WillDelayInterval = willDelayInterval;
        return this;
    }

    /// <summary>Sets how long the server may keep the will, in seconds (MQTT 5).</summary>
    public MqttClientOptionsBuilder WithWillMessageExpiryInterval(uint willMessageExpiryInterval)
    {
        options.WillMessageExpiryInterval = willMessageExpiryInterval;
        return this;
    }

    /// <summary>Sets the will's content.</summary>
    public MqttClientOptionsBuilder WithWillPayload(byte[]? willPayload)
    {
        options.WillPayload = willPayload;
        return this;
    }

    /// <summary>Sets the will's content.</summary>
    public MqttClientOptionsBuilder WithWillPayload(ArraySegment<byte> willPayload)
    {
        options.WillPayload = willPayload.Count == 0 ? null : [.. willPayload];
        return this;
    }

    /// <summary>Says whether the will's payload is text (MQTT 5).</summary>
    public MqttClientOptionsBuilder WithWillPayloadFormatIndicator(MqttPayloadFormatIndicator willPayloadFormatIndicator)
    {
        options.WillPayloadFormatIndicator = willPayloadFormatIndicator;
        return this;
    }

    /// <summary>Sets how hard the will is to be delivered.</summary>
    public MqttClientOptionsBuilder WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel willQualityOfServiceLevel)
    {
        options.WillQualityOfServiceLevel = willQualityOfServiceLevel;
        return this;
    }

    /// <summary>Sets the will's response topic (MQTT 5).</summary>
    public MqttClientOptionsBuilder WithWillResponseTopic(string willResponseTopic)
    {
        options.WillResponseTopic = willResponseTopic;
        return this;
    }

    /// <summary>Makes the server keep the will for later subscribers.</summary>
    public MqttClientOptionsBuilder WithWillRetain(bool willRetain = true)
    {
        options.WillRetain = willRetain;
        return this;
    }

    /// <summary>Sets where the server publishes when the client ends without DISCONNECT.</summary>
    public MqttClientOptionsBuilder WithWillTopic(string willTopic)
    {
        options.WillTopic = willTopic;
        return this;
    }

    /// <summary>Adds a name and value pair to the will (MQTT 5).</summary>
    public MqttClientOptionsBuilder WithWillUserProperty(string name, string value)
    {
        (options.WillUserProperties ??= []).Add(new MqttUserProperty(name, value));
        return this;
    }
}
