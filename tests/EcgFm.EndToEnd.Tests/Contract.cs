using System.Buffers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcgFm.Testing;
using Json.Schema;
using MQTTnet;
using MQTTnet.Protocol;
using YamlDotNet.Serialization;

namespace EcgFm.EndToEnd.Tests;

/// <summary>What device/mqtt/asyncapi.yaml and its schemas promise, read as a stranger reads it.</summary>
internal sealed class Contract
{
    private static readonly string Folder = Path.Combine(TestData.Repository, "device", "mqtt");

    private readonly List<(Regex Address, Channel Channel)> _channels = [];
    private readonly EvaluationOptions _options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    /// <summary>A channel with its quality of service and its schema; none for binary ones.</summary>
    internal sealed record Channel(string Name, MqttQualityOfServiceLevel Quality, bool Retain, JsonSchema? Schema, string ContentType);

    public Contract()
    {
        var schemas = Directory.EnumerateFiles(Path.Combine(Folder, "schemas"), "*.json").ToDictionary(file => "schemas/" + Path.GetFileName(file), JsonSchema.FromFile);
        foreach (var schema in schemas.Values) _options.SchemaRegistry.Register(schema);
        Document = JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(File.ReadAllText(Path.Combine(Folder, "asyncapi.yaml")))!))!;
        var bindings = Document["operations"]!.AsObject().Where(operation => operation.Value!["bindings"] is not null)
            .ToDictionary(operation => Last(operation.Value!["channel"]!), operation => operation.Value!["bindings"]!["mqtt"]!);
        var repliedBelow = Document["operations"]!.AsObject().Select(operation => operation.Value!["reply"]).Where(reply => reply?["address"] is not null)
            .Select(reply => Last(reply!["channel"]!)).ToHashSet();
        foreach (var (name, channel) in Document["channels"]!.AsObject())
        {
            var message = Document["components"]!["messages"]![Last(channel!["messages"]!.AsObject().Single().Value!)]!;
            var binding = bindings.GetValueOrDefault(name);
            var schema = message["payload"]!["$ref"] is { } reference ? schemas[(string)reference!] : null;
            var address = Regex.Escape((string)channel["address"]!).Replace(@"\{root}", "(?<root>.+)", StringComparison.Ordinal);
            _channels.Add((
                new($"^{Regex.Replace(address, @"\\\{(\w+)}", "(?<$1>[^/]+)")}{(repliedBelow.Contains(name) ? "(/[^/]+)*" : "")}$"),
                new(name, (MqttQualityOfServiceLevel)((int?)binding?["qos"] ?? 1), (bool?)binding?["retain"] ?? false, schema, (string?)message["contentType"] ?? (string)Document["defaultContentType"]!)));
        }
    }

    /// <summary>The whole document.</summary>
    public JsonNode Document { get; }

    /// <summary>The names of all channels.</summary>
    public IEnumerable<string> Channels => _channels.Select(channel => channel.Channel.Name);

    /// <summary>The channel of a topic; a topic that no channel has is an error, and so is one that two have.</summary>
    public Channel Find(string topic, string root) =>
        Assert.Single(_channels, channel => channel.Address.Match(topic) is { Success: true } match && match.Groups["root"].Value == root).Channel;

    /// <summary>Fails with what is wrong when the message is not as the contract says.</summary>
    public Channel Check(MqttApplicationMessage message, string root)
    {
        var channel = Find(message.Topic, root);
        Assert.True(channel.ContentType == message.ContentType, $"{message.Topic} is {message.ContentType}");
        if (channel.Schema is { } schema) Check(schema, JsonNode.Parse(message.Payload.ToArray()), message.Topic);
        return channel;
    }

    /// <summary>Fails with what is wrong when the JSON is not as the channel's schema says.</summary>
    public void Check(string channel, string json) => Check(_channels.Single(known => known.Channel.Name == channel).Channel.Schema!, JsonNode.Parse(json), channel);

    private void Check(JsonSchema schema, JsonNode? json, string what)
    {
        var result = schema.Evaluate(json, _options);
        var errors = result.Details.Where(detail => detail.HasErrors).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}"));
        Assert.True(result.IsValid, $"{what} is not as the contract says: {string.Join("; ", errors)}\n{json?.ToJsonString()[..Math.Min(json.ToJsonString().Length, 1000)]}");
    }

    private static string Last(JsonNode reference) => ((string)reference["$ref"]!).Split('/')[^1];
}
