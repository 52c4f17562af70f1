using EcgFm.Testing;
using MQTTnet.Protocol;

namespace MQTTnet.Tests;

public sealed class WillTests : MqttTest
{
    [Fact]
    public async Task After_an_abrupt_end_the_will_is_published_and_kept()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var observer = await ConnectAsync(broker);
        var inbox = new Inbox(observer);
        _ = await observer.SubscribeAsync("status", MqttQualityOfServiceLevel.AtLeastOnce);
        var client = await ConnectAsync(broker, WithWill);

        client.Dispose();

        var will = await inbox.NextAsync();
        Assert.Equal("offline", will.ConvertPayloadToString());
        Assert.Equal("text/plain", will.ContentType);
        Assert.Equal(MqttQualityOfServiceLevel.AtLeastOnce, will.QualityOfServiceLevel);

        var latecomer = await ConnectAsync(broker);
        var late = new Inbox(latecomer);
        _ = await latecomer.SubscribeAsync("status");
        Assert.True((await late.NextAsync()).Retain);
    }

    [Fact]
    public async Task After_a_clean_end_there_is_no_will()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var observer = await ConnectAsync(broker);
        var inbox = new Inbox(observer);
        _ = await observer.SubscribeAsync("#");
        var client = await ConnectAsync(broker, WithWill);

        await client.DisconnectAsync();

        _ = await observer.PublishStringAsync("after", "everything");
        Assert.Equal("after", (await inbox.NextAsync()).Topic);
        Assert.Contains("Received DISCONNECT", broker.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_may_leave_with_its_will()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var observer = await ConnectAsync(broker);
        var inbox = new Inbox(observer);
        _ = await observer.SubscribeAsync("status");
        var client = await ConnectAsync(broker, WithWill);

        await client.DisconnectAsync(MqttClientDisconnectOptionsReason.DisconnectWithWillMessage);

        Assert.Equal("offline", (await inbox.NextAsync()).ConvertPayloadToString());
    }

    [Fact]
    public async Task A_delayed_will_is_withdrawn_when_the_client_comes_back()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var observer = await ConnectAsync(broker);
        var inbox = new Inbox(observer);
        _ = await observer.SubscribeAsync("#");
        void Configure(MqttClientOptionsBuilder options)
        {
            WithWill(options);
            _ = options.WithClientId("device").WithWillDelayInterval(3600).WithSessionExpiryInterval(7200).WithCleanStart(false);
        }

        var first = await ConnectAsync(broker, Configure);
        first.Dispose();
        var second = await ConnectAsync(broker, Configure);
        await second.DisconnectAsync();

        _ = await observer.PublishStringAsync("after", "everything");
        Assert.Equal("after", (await inbox.NextAsync()).Topic);
    }

    private static void WithWill(MqttClientOptionsBuilder options) => _ = options
        .WithWillTopic("status")
        .WithWillPayload("offline")
        .WithWillContentType("text/plain")
        .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .WithWillRetain();
}
