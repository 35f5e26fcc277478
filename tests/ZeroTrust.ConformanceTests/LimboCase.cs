namespace ZeroTrust.ConformanceTests;

/// <summary>A case as x509-limbo spells it (<c>limbo-schema.json</c>); members without a meaning here are left out.</summary>
internal sealed record LimboCase
{
    public string Id { get; init; } = "";

    public string? Description { get; init; }

    public string[]? Features { get; init; }

    public string? Importance { get; init; }

    public string? ValidationKind { get; init; }

    public string[]? TrustedCerts { get; init; }

    public string[]? UntrustedIntermediates { get; init; }

    public string? PeerCertificate { get; init; }

    public string? PeerCertificateKey { get; init; }

    public DateTimeOffset? ValidationTime { get; init; }

    public string[]? SignatureAlgorithms { get; init; }

    public string[]? KeyUsage { get; init; }

    public string[]? ExtendedKeyUsage { get; init; }

    public string? ExpectedResult { get; init; }

    public LimboName? ExpectedPeerName { get; init; }

    public LimboName[]? ExpectedPeerNames { get; init; }

    public int? MaxChainDepth { get; init; }

    public string[]? Crls { get; init; }

    internal sealed record LimboName(string Kind, string Value);
}
