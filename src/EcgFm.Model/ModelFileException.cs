namespace EcgFm.Model;

/// <summary>A checkpoint, model package or reference file is not as it must be. The message is one sentence that names file, key and what was expected.</summary>
public sealed class ModelFileException : Exception
{
    /// <param name="file">The file or folder at fault.</param>
    /// <param name="key">The tensor, entry or JSON key at fault; empty when it is the file as a whole.</param>
    /// <param name="problem">What was found, and what was expected.</param>
    /// <param name="inner">The cause, where there is one.</param>
    public ModelFileException(string file, string key, string problem, Exception? inner = null)
        : base(key.Length == 0 ? $"{file}: {problem}" : $"{file}: {key}: {problem}", inner)
    {
        File = file;
        Key = key;
        Problem = problem;
    }

    /// <summary>The file or folder at fault.</summary>
    public string File { get; }

    /// <summary>The tensor, entry or JSON key at fault; empty when it is the file as a whole.</summary>
    public string Key { get; }

    /// <summary>What was found, and what was expected.</summary>
    public string Problem { get; }
}
