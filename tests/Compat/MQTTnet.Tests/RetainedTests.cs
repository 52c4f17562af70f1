using EcgFm.Testing;
using MQTTnet.Protocol;

namespace MQTTnet.Tests;

public sealed class RetainedTests : MqttTest
{
    [Fact]
    public async Task A_retained_message_reaches_those_who_come_later_until_it_is_cleared()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var publisher = await ConnectAsync(broker);
        _ = await publisher.PublishStringAsync("status", "online", MqttQualityOfServiceLevel.AtLeastOnce, retain: true);

        var subscriber = await ConnectAsync(broker);
        var inbox = new Inbox(subscriber);
        _ = await subscriber.SubscribeAsync("status", MqttQualityOfServiceLevel.AtLeastOnce);
        var kept = await inbox.NextAsync();
        Assert.Equal("online", kept.ConvertPayloadToString());
        Assert.True(kept.Retain);

        _ = await publisher.PublishStringAsync("status", null, MqttQualityOfServiceLevel.AtLeastOnce, retain: true);
        var cleared = await inbox.NextAsync();
        Assert.Null(cleared.ConvertPayloadToString());
        Assert.False(cleared.Retain);

        var latecomer = await ConnectAsync(broker);
        var late = new Inbox(latecomer);
        _ = await latecomer.SubscribeAsync("#", MqttQualityOfServiceLevel.AtLeastOnce);
        _ = await publisher.PublishStringAsync("after", "x", MqttQualityOfServiceLevel.AtLeastOnce);
        Assert.Equal("after", (await late.NextAsync()).Topic);
    }

    [Fact]
    public async Task Subscriptions_have_their_options()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = await ConnectAsync(broker);
        _ = await client.PublishStringAsync("kept", "1", MqttQualityOfServiceLevel.AtLeastOnce, retain: true);
        var inbox = new Inbox(client);

        var result = await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder()
            .WithTopicFilter("kept", MqttQualityOfServiceLevel.ExactlyOnce, retainAsPublished: true, retainHandling: MqttRetainHandling.DoNotSendOnSubscribe)
            .WithTopicFilter("own", noLocal: true)
            .WithTopicFilter(filter => filter.WithTopic("last").WithAtLeastOnceQoS())
            .Build());

        Assert.Equal(["kept", "own", "last"], result.Items.Select(item => item.TopicFilter.Topic));
        Assert.Equal(
            [MqttClientSubscribeResultCode.GrantedQoS2, MqttClientSubscribeResultCode.GrantedQoS0, MqttClientSubscribeResultCode.GrantedQoS1],
            result.Items.Select(item => item.ResultCode));
        _ = await client.PublishStringAsync("own", "not for me", MqttQualityOfServiceLevel.AtLeastOnce);
        _ = await client.PublishStringAsync("kept", "2", MqttQualityOfServiceLevel.AtLeastOnce, retain: true);
        var message = await inbox.NextAsync();
        Assert.Equal(("kept", "2", true), (message.Topic, message.ConvertPayloadToString(), message.Retain));

        _ = await client.UnsubscribeAsync("kept");
        _ = await client.PublishStringAsync("kept", "3", MqttQualityOfServiceLevel.AtLeastOnce);
        _ = await client.PublishStringAsync("last", "4", MqttQualityOfServiceLevel.AtLeastOnce);
        Assert.Equal("4", (await inbox.NextAsync()).ConvertPayloadToString());
    }
}
