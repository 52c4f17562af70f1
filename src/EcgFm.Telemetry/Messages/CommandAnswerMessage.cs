namespace EcgFm.Telemetry.Messages;

/// <summary>The payload of an answer to a command.</summary>
public sealed record CommandAnswerMessage
{
    /// <summary>Always "answer".</summary>
    public string Type { get; } = "answer";

    /// <summary>The bed; absent for a command to the whole box.</summary>
    public string? Bed { get; init; }

    /// <summary>acknowledge, pause, resume or snapshot; absent when the command could not be read.</summary>
    public string? Command { get; init; }

    /// <summary>What the command had as its <c>request</c>.</summary>
    public string? Request { get; init; }

    /// <summary>Whether it was done.</summary>
    public required bool Accepted { get; init; }

    /// <summary>Why not, and what would be right.</summary>
    public string? Reason { get; init; }

    /// <summary>The last level of the topic of the snippet that was asked for.</summary>
    public Guid? Snippet { get; init; }

    /// <summary>When it was answered.</summary>
    public required DateTimeOffset Time { get; init; }
}
