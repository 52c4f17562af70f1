using System.Buffers;
using System.Text.Json;
using EcgFm.Testing;
using MQTTnet;
using MQTTnet.Protocol;

namespace EcgFm.Chaos;

/// <summary>A station with a persistent session: it comes back whenever the broker does, and notes every alert step with the moment when it came.</summary>
internal sealed class PersistentStation : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<(AlertStep Step, JsonElement Json, long Arrived)> _arrived = [];
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MosquittoBroker _broker;
    private Task _running = Task.CompletedTask;

    private PersistentStation(MosquittoBroker broker) => _broker = broker;

    /// <summary>Everything so far, in the order of its arrival.</summary>
    public IReadOnlyList<(AlertStep Step, JsonElement Json, long Arrived)> Arrived
    {
        get
        {
            lock (_gate) return [.. _arrived];
        }
    }

    public static async Task<PersistentStation> StartAsync(MosquittoBroker broker)
    {
        var station = new PersistentStation(broker);
        station._running = station.RunAsync();
        await station._subscribed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return station;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            using var client = new MqttClientFactory().CreateMqttClient();
            var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            client.ApplicationMessageReceivedAsync += received => Note(received.ApplicationMessage);
            client.DisconnectedAsync += _ =>
            {
                lost.TrySetResult();
                return Task.CompletedTask;
            };
            try
            {
                var options = new MqttClientOptionsBuilder()
                    .WithTcpServer(_broker.Host, _broker.Port)
                    .WithClientId("station")
                    .WithCleanStart(false)
                    .WithSessionExpiryInterval(86400)
                    .Build();
                await client.ConnectAsync(options, _end.Token);
                await client.SubscribeAsync("ecgfm/v1/+/+/+/alert", MqttQualityOfServiceLevel.AtLeastOnce, _end.Token);
                await client.SubscribeAsync("ecgfm/v1/+/+/alert", MqttQualityOfServiceLevel.AtLeastOnce, _end.Token);
                _subscribed.TrySetResult();
                await lost.Task.WaitAsync(_end.Token);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                // The broker is away, or the station is told to end.
            }

            await Task.Delay(50, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task Note(MqttApplicationMessage message)
    {
        var now = System.Diagnostics.Stopwatch.GetTimestamp();
        var json = JsonDocument.Parse(message.Payload.ToArray()).RootElement;
        var bed = json.TryGetProperty("bed", out var name) ? name.GetString()! : "";
        lock (_gate) _arrived.Add((new(bed, json.GetProperty("id").GetGuid(), json.GetProperty("sequence").GetInt32()), json, now));
        return Task.CompletedTask;
    }
}
