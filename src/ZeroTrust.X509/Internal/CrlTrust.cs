namespace ZeroTrust.X509.Internal;

/// <summary>Proves CRL issuers by the same search that proves peers, to the same anchor and on the same budget (RFC 5280 section 6.3.3 (f)).</summary>
internal sealed class CrlTrust(Verification verification, CrlSet crls, Func<IReadOnlyList<Certificate>, Refusal?> accept) : ICrlTrust
{
    private readonly HashSet<Certificate> _open = [];
    private readonly Dictionary<(Certificate Signer, Certificate Anchor), bool> _paths = [];

    public DateTimeOffset Now => verification.Now;

    public TimeSpan ClockSkew => verification.Policy.ClockSkew;

    public string? Exhausted => verification.Budget.Exhausted;

    public IEnumerable<Certificate> CertificatesNamed(DistinguishedName name) =>
        [.. verification.Anchors.NamedAs(name), .. verification.CandidatesFor(name), .. crls.Issuers];

    public bool HasPath(Certificate signer, Certificate anchor)
    {
        if (ReferenceEquals(signer, anchor))
        {
            return true;
        }

        if (_paths.TryGetValue((signer, anchor), out var hasPath))
        {
            return hasPath;
        }

        // A certificate whose status is being asked vouches for itself only where its issuer has said so; this answer is not kept.
        if (!_open.Add(signer))
        {
            return IsItsOwnCrlIssuer(signer);
        }

        hasPath = CertificateRules.Check(signer, verification.Policy, Now, isAnchor: false) is null
            && new PathSearch(verification, purpose: null, anchor, accept).Find(signer, out _) is null;
        _open.Remove(signer);
        _paths.Add((signer, anchor), hasPath);
        return hasPath;
    }

    public bool Verifies(Certificate signer, CertificateRevocationList crl) => verification.Verifies(crl, signer);

    private static bool IsItsOwnCrlIssuer(Certificate signer) =>
        Array.Exists(signer.Extensions.CrlDistributionPoints, point => Array.Exists(point.CrlIssuers, signer.Subject.Equals));
}
