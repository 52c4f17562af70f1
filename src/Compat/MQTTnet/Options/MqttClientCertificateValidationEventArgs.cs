using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace MQTTnet;

/// <summary>A server's certificate is to be judged.</summary>
public sealed class MqttClientCertificateValidationEventArgs : EventArgs
{
    internal MqttClientCertificateValidationEventArgs(
        X509Certificate certificate, X509Chain chain, SslPolicyErrors sslPolicyErrors, IMqttClientChannelOptions clientOptions)
    {
        Certificate = certificate;
        Chain = chain;
        SslPolicyErrors = sslPolicyErrors;
        ClientOptions = clientOptions;
    }

    /// <summary>The certificate.</summary>
    public X509Certificate Certificate { get; }

    /// <summary>Its chain.</summary>
    public X509Chain Chain { get; }

    /// <summary>The options of the connection.</summary>
    public IMqttClientChannelOptions ClientOptions { get; }

    /// <summary>What is wrong with it.</summary>
    public SslPolicyErrors SslPolicyErrors { get; }
}
