namespace EcgFm.Acquisition.Dialogues;

/// <summary>One exchange with a device.</summary>
public sealed record DialogueStep
{
    /// <summary>What is written, a byte for each character (Latin-1).</summary>
    public string Write { get; init; } = "";

    /// <summary>The end of the answer that is waited for; empty when none comes.</summary>
    public string Expect { get; init; } = "";

    /// <summary>How long the answer may take.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>An answer that contains this is a refusal; empty when no answer is.</summary>
    public string Refusal { get; init; } = "";

    /// <summary>Whether the dialogue goes on without the answer: a device that was already in the state may stay silent.</summary>
    public bool Optional { get; init; }

    /// <summary>What the user should do when it fails.</summary>
    public string Hint { get; init; } = "";

    /// <summary>How long to wait behind it; what comes meanwhile is thrown away.</summary>
    public TimeSpan Pause { get; init; }
}
