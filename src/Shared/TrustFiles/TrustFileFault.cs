namespace ZeroTrust.Shared;

/// <summary>What is wrong with the content of a trust file: where, what was found, what is wanted and how to get there.</summary>
internal sealed class TrustFileFault : FormatException
{
    public TrustFileFault(string message)
        : base(message)
    {
    }

    public TrustFileFault(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>A fault of one line.</summary>
    public static TrustFileFault At(int line, string what) => new($"line {line}: {what}");
}
