namespace EcgFm.Acquisition.Wfdb;

/// <summary>A WFDB record that cannot be read as it stands; the message names the file, the place in it, what was expected and what was found.</summary>
public sealed class WfdbException : IOException
{
    /// <param name="message">What is wrong and where.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public WfdbException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    internal static WfdbException At(string file, int line, string message) => new($"{file}, line {line}: {message}");
}
