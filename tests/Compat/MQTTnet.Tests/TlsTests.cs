using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using EcgFm.Testing;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace MQTTnet.Tests;

public sealed class TlsTests : MqttTest
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_private_authority_can_be_trusted(string host)
    {
        using var certificates = new TestCertificates();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoBrokerOptions { Tls = certificates });
        var client = NewClient();

        var result = await client.ConnectAsync(Secured(host, broker, certificates.TrustChain)).WaitAsync(Patience);

        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        var inbox = new Inbox(client);
        _ = await client.SubscribeAsync("a");
        var payload = new byte[300_000];
        new Random(1).NextBytes(payload);
        _ = await client.PublishBinaryAsync("a", payload, MqttQualityOfServiceLevel.ExactlyOnce);
        Assert.Equal(payload, System.Buffers.BuffersExtensions.ToArray((await inbox.NextAsync()).Payload));
    }

    [Fact]
    public async Task An_unknown_authority_is_refused()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoBrokerOptions { Tls = certificates });

        var failure = await Assert.ThrowsAsync<MqttCommunicationException>(
            () => NewClient().ConnectAsync(Secured("localhost", broker, others.TrustChain)).WaitAsync(Patience));

        Assert.Contains("certificate verify failed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_systems_authorities_do_not_know_a_private_one()
    {
        using var certificates = new TestCertificates();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoBrokerOptions { Tls = certificates });
        var options = OptionsFor(broker).WithTlsOptions(tls => tls.UseTls()).Build();

        _ = await Assert.ThrowsAsync<MqttCommunicationException>(() => NewClient().ConnectAsync(options).WaitAsync(Patience));
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused()
    {
        using var certificates = new TestCertificates("broker.example");
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoBrokerOptions { Tls = certificates });

        _ = await Assert.ThrowsAsync<MqttCommunicationException>(
            () => NewClient().ConnectAsync(Secured("localhost", broker, certificates.TrustChain)).WaitAsync(Patience));
    }

    [Fact]
    public async Task A_client_certificate_lets_a_client_in_and_its_lack_keeps_it_out()
    {
        using var certificates = new TestCertificates();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoBrokerOptions { Tls = certificates, RequireClientCertificate = true });
        var with = OptionsFor(broker).WithTlsOptions(tls => tls
            .WithTrustChain(certificates.TrustChain)
            .WithClientCertificates(new X509Certificate2Collection(certificates.Client))
            .WithRevocationMode(X509RevocationMode.NoCheck)).Build();

        var result = await NewClient().ConnectAsync(with).WaitAsync(Patience);

        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        _ = await Assert.ThrowsAnyAsync<MqttCommunicationException>(
            () => NewClient().ConnectAsync(Secured("localhost", broker, certificates.TrustChain)).WaitAsync(Patience));
    }

    [Fact]
    public async Task TLS_1_3_can_be_asked_for()
    {
        using var certificates = new TestCertificates();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoBrokerOptions { Tls = certificates });
        var options = OptionsFor(broker).WithTlsOptions(tls => tls
            .WithTrustChain(certificates.TrustChain)
            .WithSslProtocols(SslProtocols.Tls13)).Build();

        var result = await NewClient().ConnectAsync(options).WaitAsync(Patience);

        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
    }

    [Fact]
    public async Task What_libmosquitto_cannot_do_is_said()
    {
        var client = NewClient();
        MqttClientOptions Options(Action<MqttClientTlsOptionsBuilder> tls) =>
            new MqttClientOptionsBuilder().WithTcpServer("localhost", 1).WithTlsOptions(tls).Build();

        _ = await Assert.ThrowsAsync<NotSupportedException>(() => client.ConnectAsync(Options(tls => tls.WithCertificateValidationHandler(_ => true))));
        _ = await Assert.ThrowsAsync<NotSupportedException>(() => client.ConnectAsync(Options(tls => tls.WithRevocationMode(X509RevocationMode.Online))));
#pragma warning disable CA5397, SYSLIB0039 // The point is that it is refused.
        _ = await Assert.ThrowsAsync<NotSupportedException>(() => client.ConnectAsync(Options(tls => tls.WithSslProtocols(SslProtocols.Tls11))));
#pragma warning restore CA5397, SYSLIB0039
    }

    [Fact]
    public async Task A_server_that_is_silent_during_the_handshake_can_be_given_up()
    {
        using var certificates = new TestCertificates();
        using var silent = new SilentServer();
        using var cancellation = new CancellationTokenSource();
        var options = new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", silent.Port).WithTlsOptions(tls => tls.WithTrustChain(certificates.TrustChain)).Build();
        var connecting = NewClient().ConnectAsync(options, cancellation.Token);
        await silent.ContactedAsync();

        await cancellation.CancelAsync();

        AssertGivenUp(await Record.ExceptionAsync(() => connecting.WaitAsync(Patience)));
    }

    private static MqttClientOptions Secured(string host, MosquittoBroker broker, X509Certificate2Collection trusted) => new MqttClientOptionsBuilder()
        .WithTcpServer(host, broker.Port)
        .WithTlsOptions(tls => tls.WithTrustChain(trusted))
        .Build();
}
