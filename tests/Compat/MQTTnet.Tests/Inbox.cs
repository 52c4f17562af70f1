using System.Threading.Channels;

namespace MQTTnet.Tests;

/// <summary>What a client received, to be awaited one by one.</summary>
internal sealed class Inbox
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<MqttApplicationMessage> messages = Channel.CreateUnbounded<MqttApplicationMessage>();

    public Inbox(IMqttClient client)
    {
        client.ApplicationMessageReceivedAsync += received =>
        {
            _ = messages.Writer.TryWrite(received.ApplicationMessage);
            return Task.CompletedTask;
        };
    }

    public bool IsEmpty => messages.Reader.Count == 0;

    public Task<MqttApplicationMessage> NextAsync() => messages.Reader.ReadAsync().AsTask().WaitAsync(Patience);
}
