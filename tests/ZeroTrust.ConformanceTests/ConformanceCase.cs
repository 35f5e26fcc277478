using ZeroTrust.X509;

namespace ZeroTrust.ConformanceTests;

/// <summary>One case as its authors state it, mapped to what the validator takes.</summary>
internal sealed record ConformanceCase
{
    public required string Id { get; init; }

    public string Description { get; init; } = "";

    /// <summary>Whether its authors accept the path.</summary>
    public bool Accepted { get; init; }

    /// <summary>Whether its authors find the other answer acceptable, too.</summary>
    public bool EitherAnswer { get; init; }

    /// <summary>Whether its authors rate it critical or high, so that no deviation is excused.</summary>
    public bool Important { get; init; }

    /// <summary>Why it cannot be run; null where it can.</summary>
    public string? Unrunnable { get; init; }

    /// <summary>Why the operator could not even have asked for it, which refuses; null where it can be asked.</summary>
    public string? Unaskable { get; init; }

    public ReadOnlyMemory<byte> Leaf { get; init; }

    /// <summary>The private key of the leaf, PEM, with which the case can be run as a live handshake; null where its authors publish none.</summary>
    public string? Key { get; init; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Intermediates { get; init; } = [];

    public IReadOnlyList<ReadOnlyMemory<byte>> Anchors { get; init; } = [];

    public IReadOnlyList<ReadOnlyMemory<byte>> Crls { get; init; } = [];

    /// <summary>What the path has to fulfil. A case that asks for several purposes has a policy for each, and all have to accept.</summary>
    public IReadOnlyList<PathPolicy> Policies { get; init; } = [];

    public DateTimeOffset Time { get; init; }

    public static ConformanceCase Skip(string id, string why) => new() { Id = id, Unrunnable = why };
}
