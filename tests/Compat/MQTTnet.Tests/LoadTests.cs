using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using EcgFm.Testing;
using MQTTnet.Protocol;

namespace MQTTnet.Tests;

public sealed class LoadTests : MqttTest
{
    private const int Count = 10_000;

    private static readonly MosquittoBrokerOptions Roomy = new() { Lines = ["max_queued_messages 0"] };

    [Theory]
    [InlineData(MqttQualityOfServiceLevel.AtMostOnce)]
    [InlineData(MqttQualityOfServiceLevel.AtLeastOnce)]
    [InlineData(MqttQualityOfServiceLevel.ExactlyOnce)]
    public async Task Ten_thousand_messages_in_flight_all_arrive_in_order(MqttQualityOfServiceLevel quality)
    {
        await using var broker = await MosquittoBroker.StartAsync(Roomy);
        var subscriber = await ConnectAsync(broker);
        var publisher = await ConnectAsync(broker);
        var received = new ConcurrentQueue<int>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        subscriber.ApplicationMessageReceivedAsync += args =>
        {
            received.Enqueue(int.Parse(args.ApplicationMessage.ConvertPayloadToString()!, CultureInfo.InvariantCulture));
            if (received.Count == Count)
                all.SetResult();
            return Task.CompletedTask;
        };
        _ = await subscriber.SubscribeAsync("load", quality);

        var publications = Enumerable.Range(0, Count)
            .Select(i => publisher.PublishStringAsync("load", i.ToString(CultureInfo.InvariantCulture), quality))
            .ToArray();
        var results = await Task.WhenAll(publications).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.All(results, result => Assert.True(result.IsSuccess));
        await all.Task.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(Enumerable.Range(0, Count), received);
    }

    [Fact]
    public async Task More_messages_than_there_are_packet_identifiers_are_all_confirmed()
    {
        const int Many = 70_000;
        await using var broker = await MosquittoBroker.StartAsync(Roomy);
        var publisher = await ConnectAsync(broker);

        var results = await Task.WhenAll(Enumerable.Range(0, Many)
            .Select(i => publisher.PublishStringAsync("load", "x", i % 2 == 0 ? MqttQualityOfServiceLevel.AtLeastOnce : MqttQualityOfServiceLevel.AtMostOnce)))
            .WaitAsync(TimeSpan.FromMinutes(2));

        Assert.All(results, result => Assert.True(result.IsSuccess));
    }

    [Fact]
    public async Task Many_threads_may_publish_at_once()
    {
        await using var broker = await MosquittoBroker.StartAsync(Roomy);
        var publisher = await ConnectAsync(broker);

        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, cancellation) =>
        {
            var result = await publisher.PublishStringAsync("load", "x", (MqttQualityOfServiceLevel)(i % 3), cancellationToken: cancellation);
            Assert.True(result.IsSuccess);
        });
    }

    [Fact]
    public async Task A_confirmation_takes_milliseconds()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = await ConnectAsync(broker);
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < 200; i++)
        {
            var start = Stopwatch.GetTimestamp();
            _ = await client.PublishStringAsync("a", "b", MqttQualityOfServiceLevel.AtLeastOnce);
            fastest = TimeSpan.FromTicks(Math.Min(fastest.Ticks, Stopwatch.GetElapsedTime(start).Ticks));
        }

        // The fastest, which no busy machine makes slow: a request that did not wake the network thread would keep every one waiting for the next turn of its loop.
        Assert.InRange(fastest, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task A_large_message_goes_through()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = await ConnectAsync(broker);
        var inbox = new Inbox(client);
        _ = await client.SubscribeAsync("a", MqttQualityOfServiceLevel.AtLeastOnce);
        var payload = new byte[8_000_000];
        new Random(2).NextBytes(payload);

        _ = await client.PublishBinaryAsync("a", payload, MqttQualityOfServiceLevel.AtLeastOnce).WaitAsync(Patience);

        Assert.Equal(payload, System.Buffers.BuffersExtensions.ToArray((await inbox.NextAsync()).Payload));
    }
}
