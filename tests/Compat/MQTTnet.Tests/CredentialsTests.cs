using EcgFm.Testing;
using MQTTnet.Formatter;

namespace MQTTnet.Tests;

public sealed class CredentialsTests : MqttTest
{
    private static readonly MosquittoBrokerOptions OneUser = new() { Users = new Dictionary<string, string> { ["monitor"] = "correct horse" } };

    [Theory]
    [InlineData(MqttProtocolVersion.V500)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task The_right_password_is_let_in(MqttProtocolVersion version)
    {
        await using var broker = await MosquittoBroker.StartAsync(OneUser);

        var client = await ConnectAsync(broker, options => options.WithProtocolVersion(version).WithCredentials("monitor", "correct horse"));

        Assert.True(client.IsConnected);
    }

    [Theory]
    [InlineData("monitor", "wrong", MqttProtocolVersion.V500)]
    [InlineData("nobody", "correct horse", MqttProtocolVersion.V500)]
    [InlineData("monitor", "wrong", MqttProtocolVersion.V311)]
    public async Task A_wrong_password_is_an_answer_and_not_an_exception(string user, string password, MqttProtocolVersion version)
    {
        await using var broker = await MosquittoBroker.StartAsync(OneUser);
        var client = NewClient();
        var ended = new TaskCompletionSource<MqttClientDisconnectedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += args =>
        {
            ended.SetResult(args);
            return Task.CompletedTask;
        };
        client.ConnectedAsync += _ => throw new InvalidOperationException("It is not connected.");

        var result = await client.ConnectAsync(OptionsFor(broker).WithProtocolVersion(version).WithCredentials(user, password).Build()).WaitAsync(Patience);

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, result.ResultCode);
        Assert.False(client.IsConnected);
        var args = await ended.Task.WaitAsync(Patience);
        Assert.False(args.ClientWasConnected);
        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, args.ConnectResult?.ResultCode);

        // And the next attempt may be better.
        result = await client.ConnectAsync(OptionsFor(broker).WithCredentials("nobody").Build()).WaitAsync(Patience);
        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, result.ResultCode);
    }

    [Fact]
    public async Task No_password_is_refused_too()
    {
        await using var broker = await MosquittoBroker.StartAsync(OneUser);

        var result = await NewClient().ConnectAsync(OptionsFor(broker).Build()).WaitAsync(Patience);

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, result.ResultCode);
    }

    [Fact]
    public async Task A_topic_that_is_not_allowed_is_an_answer_too()
    {
        using var acl = new TemporaryFile("user monitor\ntopic write allowed\n");
        await using var broker = await MosquittoBroker.StartAsync(OneUser with { Lines = [$"acl_file {acl.Path}"] });
        var client = await ConnectAsync(broker, options => options.WithCredentials("monitor", "correct horse"));

        var refused = await client.PublishStringAsync("forbidden", "x", Protocol.MqttQualityOfServiceLevel.AtLeastOnce);
        var refusedTwice = await client.PublishStringAsync("forbidden", "x", Protocol.MqttQualityOfServiceLevel.ExactlyOnce);
        var taken = await client.PublishStringAsync("allowed", "x", Protocol.MqttQualityOfServiceLevel.AtLeastOnce);

        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, refused.ReasonCode);
        Assert.False(refused.IsSuccess);
        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, refusedTwice.ReasonCode);
        Assert.True(taken.IsSuccess);
        Assert.Equal(MqttClientPublishReasonCode.NoMatchingSubscribers, taken.ReasonCode);
    }
}
