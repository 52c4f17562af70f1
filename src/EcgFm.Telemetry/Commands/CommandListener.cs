using System.Text.Json;
using EcgFm.Core;
using EcgFm.Telemetry.Messages;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;

namespace EcgFm.Telemetry.Commands;

/// <summary>
/// Takes what comes on the command topics, has it done and answers. Nothing that anybody sends does more harm than an answer that says what is wrong with it.
/// Who may send is the broker's access list to say.
/// </summary>
/// <param name="topics">The topics of this device.</param>
/// <param name="beds">The beds that it serves.</param>
/// <param name="execute">Does it; one at a time, and soon.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of each command that was done or refused.</param>
internal sealed class CommandListener(TelemetryTopics topics, IEnumerable<string> beds, Func<AlertCommand, CommandOutcome> execute, TimeProvider time, ILogger logger)
{
    /// <summary>The most bytes of correlation data.</summary>
    public const int MaxCorrelation = 256;

    private readonly Dictionary<string, (string? Bed, RateLimit Limit)> _listened =
        beds.Select(bed => (string?)bed).Append(null).ToDictionary(topics.Command, bed => (bed, new RateLimit(time)));

    /// <summary>What to subscribe to.</summary>
    public IEnumerable<string> Filters => _listened.Keys;

    /// <summary>Takes a message; returns the answer, or null when there is to be none.</summary>
    public LiveMessage? Take(MqttApplicationMessage message)
    {
        if (!_listened.TryGetValue(message.Topic, out var listened)) return null;
        var (bed, limit) = listened;
        switch (limit.Take())
        {
            case RateVerdict.Silent:
                return null;
            case RateVerdict.Refused:
                logger.LogWarning("Too many commands on {Topic}: they are refused until there are fewer.", message.Topic);
                return Answer(message, bed, new CommandRequest(null, null, null, null), new(CommandAnswer.Refused($"too many commands; allowed are {RateLimit.PerSecond} a second")));
        }

        var request = CommandReader.Read(message.Payload, bed);
        // The broker would give it to every later connection again.
        if (message.Retain) request = request with { Command = null, Fault = "a command is not to be retained; clear the topic and send it anew" };
        var outcome = request.Command is { } command ? Execute(command) : new(CommandAnswer.Refused(request.Fault!));
        if (outcome.Answer.Accepted) logger.LogInformation("{Command} for {Bed} by {By}: done.", request.Name, bed ?? "the box", request.Command!.By);
        else logger.LogWarning("A command for {Bed} was refused: {Reason}.", bed ?? "the box", outcome.Answer.Reason);
        return Answer(message, bed, request, outcome);
    }

    private CommandOutcome Execute(AlertCommand command)
    {
        try
        {
            return execute(command);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            logger.LogError("A command failed: {Fault}", fault.Message);
            return new(CommandAnswer.Refused("it failed; the log of the box says why"));
        }
    }

    private LiveMessage Answer(MqttApplicationMessage message, string? bed, CommandRequest request, CommandOutcome outcome)
    {
        var answer = new CommandAnswerMessage
        {
            Bed = bed,
            Command = request.Name,
            Request = request.Request,
            Accepted = outcome.Answer.Accepted,
            Reason = outcome.Answer.Reason,
            Snippet = outcome.Snippet,
            Time = time.GetUtcNow(),
        };
        return new(AnswerTopic(message, topics.Answer(bed)), JsonSerializer.SerializeToUtf8Bytes(answer, TelemetryJson.Default.CommandAnswerMessage))
        {
            Quality = MqttQualityOfServiceLevel.AtLeastOnce,
            Correlation = message.CorrelationData is { Length: <= MaxCorrelation } data ? data : null,
        };
    }

    /// <summary>A sender may ask for a topic below the answer topic. Anywhere else, whoever may send commands could have this device write what only the device may.</summary>
    private static string AnswerTopic(MqttApplicationMessage message, string answer)
    {
        var asked = message.ResponseTopic;
        if (string.IsNullOrEmpty(asked) || !asked.StartsWith(answer + "/", StringComparison.Ordinal)) return answer;
        return asked[(answer.Length + 1)..].Split('/').All(TelemetryTopics.IsLevel) && asked.Length <= 512 ? asked : answer;
    }
}
