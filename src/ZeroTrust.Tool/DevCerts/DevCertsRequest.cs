namespace ZeroTrust.Tool.DevCerts;

/// <summary>What to make.</summary>
internal sealed record DevCertsRequest(string Folder, IReadOnlyList<string> Services)
{
    /// <summary>Null takes the trust domain of the CA that is there, else <see cref="DevCertsCommand.DefaultTrustDomain"/>.</summary>
    public TrustDomain? TrustDomain { get; init; }

    public IReadOnlyList<string> DnsNames { get; init; } = [];

    /// <summary>How long the leaves live.</summary>
    public int Days { get; init; } = 1;

    /// <summary>Whether a new CA replaces one that is there.</summary>
    public bool Force { get; init; }

    /// <summary>Whether CRLs are written; they are kept up to date in any case once they are there.</summary>
    public bool Crl { get; init; }

    /// <summary>The service whose certificate is revoked.</summary>
    public string? Revoke { get; init; }
}
