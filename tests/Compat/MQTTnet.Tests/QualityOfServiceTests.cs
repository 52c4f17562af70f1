using System.Buffers;
using EcgFm.Testing;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Tests;

public sealed class QualityOfServiceTests : MqttTest
{
    [Theory]
    [InlineData(MqttQualityOfServiceLevel.AtMostOnce, MqttProtocolVersion.V500)]
    [InlineData(MqttQualityOfServiceLevel.AtLeastOnce, MqttProtocolVersion.V500)]
    [InlineData(MqttQualityOfServiceLevel.ExactlyOnce, MqttProtocolVersion.V500)]
    [InlineData(MqttQualityOfServiceLevel.AtMostOnce, MqttProtocolVersion.V311)]
    [InlineData(MqttQualityOfServiceLevel.AtLeastOnce, MqttProtocolVersion.V311)]
    [InlineData(MqttQualityOfServiceLevel.ExactlyOnce, MqttProtocolVersion.V311)]
    public async Task A_message_arrives_with_its_payload_and_quality(MqttQualityOfServiceLevel quality, MqttProtocolVersion version)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var subscriber = await ConnectAsync(broker, options => options.WithProtocolVersion(version));
        var publisher = await ConnectAsync(broker, options => options.WithProtocolVersion(version));
        var inbox = new Inbox(subscriber);
        var granted = await subscriber.SubscribeAsync("bed/+/alert", quality);
        Assert.Equal((MqttClientSubscribeResultCode)quality, Assert.Single(granted.Items).ResultCode);

        byte[] payload = [0, 1, 2, 0, 255];
        var result = await publisher.PublishBinaryAsync("bed/7/alert", payload, quality);

        Assert.True(result.IsSuccess);
        Assert.Equal(MqttClientPublishReasonCode.Success, result.ReasonCode);
        Assert.Equal(quality == MqttQualityOfServiceLevel.AtMostOnce, result.PacketIdentifier is null);
        var message = await inbox.NextAsync();
        Assert.Equal("bed/7/alert", message.Topic);
        Assert.Equal(payload, message.Payload.ToArray());
        Assert.Equal(quality, message.QualityOfServiceLevel);
        Assert.False(message.Retain);
    }

    [Fact]
    public async Task The_properties_of_MQTT_5_arrive()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = await ConnectAsync(broker);
        var inbox = new Inbox(client);
        _ = await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter("a").WithSubscriptionIdentifier(300).Build());

        _ = await client.PublishAsync(new MqttApplicationMessageBuilder()
            .WithTopic("a")
            .WithPayload("Grüße")
            .WithContentType("application/json")
            .WithResponseTopic("b")
            .WithCorrelationData([1, 0, 2])
            .WithMessageExpiryInterval(3600)
            .WithPayloadFormatIndicator(MqttPayloadFormatIndicator.CharacterData)
            .WithUserProperty("first", "1")
            .WithUserProperty("second", "zwei")
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build());

        var message = await inbox.NextAsync();
        Assert.Equal("Grüße", message.ConvertPayloadToString());
        Assert.Equal("application/json", message.ContentType);
        Assert.Equal("b", message.ResponseTopic);
        Assert.Equal([1, 0, 2], message.CorrelationData);
        Assert.InRange(message.MessageExpiryInterval, 3500u, 3600u);
        Assert.Equal(MqttPayloadFormatIndicator.CharacterData, message.PayloadFormatIndicator);
        Assert.Equal([new MqttUserProperty("first", "1"), new MqttUserProperty("second", "zwei")], message.UserProperties);
        Assert.Equal([300u], message.SubscriptionIdentifiers);
    }
}
