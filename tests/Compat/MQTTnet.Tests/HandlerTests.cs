using EcgFm.Testing;
using MQTTnet.Protocol;

namespace MQTTnet.Tests;

public sealed class HandlerTests : MqttTest
{
    [Fact]
    public async Task Handlers_run_one_after_the_other_and_may_publish_themselves()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = await ConnectAsync(broker);
        var running = 0;
        var overlaps = 0;
        client.ApplicationMessageReceivedAsync += async args =>
        {
            if (args.ApplicationMessage.Topic != "request")
                return;

            if (Interlocked.Increment(ref running) > 1)
                _ = Interlocked.Increment(ref overlaps);
            _ = await client.PublishStringAsync("answer", args.ApplicationMessage.ConvertPayloadToString(), MqttQualityOfServiceLevel.AtLeastOnce);
            _ = Interlocked.Decrement(ref running);
        };
        var inbox = new Inbox(client);
        _ = await client.SubscribeAsync("answer", MqttQualityOfServiceLevel.AtLeastOnce);
        _ = await client.SubscribeAsync("request", MqttQualityOfServiceLevel.AtLeastOnce);

        for (var i = 0; i < 50; i++)
            _ = await client.PublishStringAsync("request", $"{i}", MqttQualityOfServiceLevel.AtLeastOnce);

        for (var answers = 0; answers < 50;)
        {
            var message = await inbox.NextAsync();
            if (message.Topic == "answer")
                Assert.Equal($"{answers++}", message.ConvertPayloadToString());
        }

        Assert.Equal(0, overlaps);
    }

    [Fact]
    public async Task A_handler_that_fails_loses_its_message_only()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = await ConnectAsync(broker);
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.ApplicationMessageReceivedAsync += args =>
        {
            var text = args.ApplicationMessage.ConvertPayloadToString();
            if (text == "bad")
                throw new InvalidOperationException("bad");

            seen.SetResult(text);
            return Task.CompletedTask;
        };
        _ = await client.SubscribeAsync("a");

        _ = await client.PublishStringAsync("a", "bad");
        _ = await client.PublishStringAsync("a", "good");

        Assert.Equal("good", await seen.Task.WaitAsync(Patience));
        Assert.True(client.IsConnected);
    }

    [Fact]
    public async Task Connecting_waits_for_its_handlers_and_they_may_use_the_connection()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = NewClient();
        List<string> order = [];
        client.ConnectingAsync += args =>
        {
            Assert.Same(client.Options, args.ClientOptions);
            order.Add("connecting");
            return Task.CompletedTask;
        };
        client.ConnectedAsync += async args =>
        {
            Assert.Equal(MqttClientConnectResultCode.Success, args.ConnectResult.ResultCode);
            _ = await client.PublishStringAsync("status", "online", MqttQualityOfServiceLevel.AtLeastOnce, retain: true);
            order.Add("connected");
        };

        _ = await client.ConnectAsync(OptionsFor(broker).Build()).WaitAsync(Patience);

        Assert.Equal(["connecting", "connected"], order);
    }

    [Fact]
    public async Task A_connected_handler_that_fails_ends_the_connection_and_tells_the_caller()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = NewClient();
        var ended = new TaskCompletionSource<MqttClientDisconnectedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += args =>
        {
            ended.SetResult(args);
            return Task.CompletedTask;
        };
        client.ConnectedAsync += _ => throw new InvalidOperationException("mine");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => client.ConnectAsync(OptionsFor(broker).Build()).WaitAsync(Patience));

        Assert.Equal("mine", failure.Message);
        _ = await ended.Task.WaitAsync(Patience);
        Assert.False(client.IsConnected);
    }

    [Fact]
    public async Task A_handler_that_was_taken_away_is_not_called()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = NewClient();
        var called = false;
        Task Handle(MqttClientConnectedEventArgs args)
        {
            called = true;
            return Task.CompletedTask;
        }

        client.ConnectedAsync += Handle;
        client.ConnectedAsync -= Handle;
        _ = await client.ConnectAsync(OptionsFor(broker).Build()).WaitAsync(Patience);

        Assert.False(called);
    }

    [Fact]
    public async Task A_disconnected_handler_that_fails_disturbs_nobody()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = await ConnectAsync(broker);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += _ =>
        {
            called.SetResult();
            throw new InvalidOperationException("mine");
        };

        await client.DisconnectAsync();

        await called.Task.WaitAsync(Patience);
        await client.ReconnectAsync();
        Assert.True(client.IsConnected);
    }

    [Fact]
    public async Task Disconnecting_says_why_and_is_reported_once()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = await ConnectAsync(broker);
        var calls = 0;
        var ended = new TaskCompletionSource<MqttClientDisconnectedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += args =>
        {
            _ = Interlocked.Increment(ref calls);
            _ = ended.TrySetResult(args);
            return Task.CompletedTask;
        };

        await client.DisconnectAsync(MqttClientDisconnectOptionsReason.AdministrativeAction);
        await client.DisconnectAsync();

        var args = await ended.Task.WaitAsync(Patience);
        Assert.True(args.ClientWasConnected);
        Assert.Null(args.Exception);
        Assert.Equal(MqttClientDisconnectReason.AdministrativeAction, args.Reason);
        Assert.Equal(1, calls);
    }
}
