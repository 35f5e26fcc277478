namespace ZeroTrust;

/// <summary>A check that the program's own code has weakened, for whoever operates it.</summary>
/// <remarks>Packages register one for each call of a member named Dangerous. Configuration cannot make one.</remarks>
public sealed record Weakening
{
    /// <summary>Describes what was weakened.</summary>
    /// <param name="name">A short stable name, for example <c>mtls.no_revocation:example.test</c>.</param>
    /// <param name="reason">Why this is acceptable here.</param>
    /// <exception cref="ArgumentException">One of them is empty.</exception>
    public Weakening(string name, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        Name = name;
        Reason = reason;
    }

    /// <summary>What is weakened, and after a colon where.</summary>
    public string Name { get; }

    /// <summary>Why somebody found it acceptable.</summary>
    public string Reason { get; }
}
