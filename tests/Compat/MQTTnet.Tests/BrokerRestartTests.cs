using EcgFm.Testing;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace MQTTnet.Tests;

public sealed class BrokerRestartTests : MqttTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_broker_that_ends_is_noticed_and_one_that_comes_back_is_usable_again(bool abruptly)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = await ConnectAsync(broker);
        var lost = new TaskCompletionSource<MqttClientDisconnectedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += args =>
        {
            _ = lost.TrySetResult(args);
            return Task.CompletedTask;
        };

        await (abruptly ? broker.KillAsync() : broker.StopAsync());

        var args = await lost.Task.WaitAsync(Patience);
        Assert.True(args.ClientWasConnected);
        Assert.False(client.IsConnected);
        _ = Assert.IsType<MqttCommunicationException>(args.Exception);
        _ = await Assert.ThrowsAsync<MqttClientNotConnectedException>(() => client.PublishStringAsync("a", "b"));
        _ = await Assert.ThrowsAsync<MqttCommunicationException>(() => client.ReconnectAsync());

        await broker.StartAgainAsync();
        await client.ReconnectAsync();
        Assert.True(client.IsConnected);
        Assert.True((await client.PublishStringAsync("a", "b", MqttQualityOfServiceLevel.AtLeastOnce)).IsSuccess);
    }

    [Fact]
    public async Task What_waits_for_an_answer_fails_when_the_broker_dies()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = await ConnectAsync(broker);
        broker.Freeze();
        var publications = Enumerable.Range(0, 2500).Select(_ => client.PublishStringAsync("a", "b", MqttQualityOfServiceLevel.AtLeastOnce)).ToArray();
        var subscription = client.SubscribeAsync("a");
        var ping = client.PingAsync();

        await broker.KillAsync();

        foreach (var publication in publications)
            _ = await Assert.ThrowsAsync<MqttClientDisconnectedException>(() => publication.WaitAsync(Patience));
        _ = await Assert.ThrowsAsync<MqttClientDisconnectedException>(() => subscription.WaitAsync(Patience));
        _ = await Assert.ThrowsAsync<MqttClientDisconnectedException>(() => ping.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_client_may_reconnect_from_its_own_handler()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = await ConnectAsync(broker);
        var restarted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += async _ =>
        {
            await restarted.Task;
            await client.ReconnectAsync();
            back.SetResult();
        };

        await broker.KillAsync();
        await broker.StartAgainAsync();
        restarted.SetResult();

        await back.Task.WaitAsync(Patience);
        Assert.True(await client.TryPingAsync());
    }

    [Fact]
    public async Task Nothing_is_sent_again_on_a_new_connection()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = await ConnectAsync(broker, options => options.WithClientId("device").WithCleanStart(false).WithSessionExpiryInterval(3600));
        broker.Freeze();
        var publication = client.PublishStringAsync("a", "lost", MqttQualityOfServiceLevel.AtLeastOnce);
        await broker.KillAsync();
        _ = await Assert.ThrowsAsync<MqttClientDisconnectedException>(() => publication.WaitAsync(Patience));
        await broker.StartAgainAsync();
        var observer = await ConnectAsync(broker);
        var inbox = new Inbox(observer);
        _ = await observer.SubscribeAsync("#");

        await client.ReconnectAsync();
        _ = await client.PublishStringAsync("a", "new", MqttQualityOfServiceLevel.AtLeastOnce);

        Assert.Equal("new", (await inbox.NextAsync()).ConvertPayloadToString());
    }
}
