using ZeroTrust.Shared;

namespace ZeroTrust.X509.Internal;

/// <summary>Asks the CRLs about one certificate (RFC 5280 section 6.3.3). The letters name the steps there.</summary>
internal sealed class CrlInquiry(CrlSet crls, ICrlTrust trust, Certificate certificate, Certificate issuer, Certificate anchor)
{
    private readonly UnusedCrls _unused = new();
    private ReasonFlags _covered;

    /// <summary>Whether the CRLs told of every reason of revocation.</summary>
    public bool IsDetermined => _covered == ReasonFlags.All;

    /// <summary>Until when the answer holds: the earliest nextUpdate of the CRLs it rests on.</summary>
    public DateTimeOffset ValidUntil { get; private set; } = DateTimeOffset.MaxValue;

    public Refusal? FindRevocation()
    {
        foreach (var point in certificate.Extensions.CrlDistributionPoints)
        {
            if (FindRevocation(point) is { } revoked)
            {
                return revoked;
            }
        }

        // The last paragraph of the section: what the certificate's issuer publishes without saying so in the certificate.
        return FindRevocation(DistributionPoint.ImpliedBy(certificate.Issuer));
    }

    public Refusal Undetermined() => Refusal.Of(
        certificate,
        X509RejectionReason.RevocationStatusUnavailable,
        $"No CRL tells the status of {Describe(certificate)} for every reason: {_unused.Explain(certificate.IssuerName, crls)} (RFC 5280 section 6.3).",
        at: _unused.NextUpdate);

    private static string Describe(Certificate certificate) =>
        $"'{LogText.Fact(certificate.SubjectName)}' with the serial number {LogText.Fact(Convert.ToHexStringLower(certificate.Serial.Span))}";

    private Refusal? FindRevocation(DistributionPoint point)
    {
        DistinguishedName[] names = point.CrlIssuers.Length > 0 ? point.CrlIssuers : [certificate.Issuer];
        foreach (var name in names)
        {
            foreach (var crl in crls.Of(name))
            {
                if (Ask(crl, point) is { Reason: not CrlReason.RemoveFromCrl } entry)
                {
                    return Revoked(crl, entry);
                }
            }
        }

        return null;
    }

    private RevokedEntry? Ask(CertificateRevocationList crl, DistributionPoint point)
    {
        if (crl.IsDelta)
        {
            return crls.Of(crl.Issuer).Any(complete => CrlScope.Updates(crl, complete))
                ? null
                : PassOver(crl, "it is a delta CRL, and no complete CRL that it brings up to date is there");
        }

        var covered = CrlScope.ReasonsCovered(crl, certificate, point);
        if (covered == ReasonFlags.None)
        {
            return PassOver(crl, "it is for other certificates or distribution points");
        }

        if (WhyUnusable(crl) is { } why)
        {
            return PassOver(crl, why);
        }

        // (e), but for a CRL that revokes: what was asked before it may know less.
        var deltas = Array.FindAll(crls.Of(crl.Issuer), delta => CrlScope.Updates(delta, crl) && WhyUnusable(delta) is null && IsCurrent(delta));
        if ((covered & ~_covered) == ReasonFlags.None && !Lists(crl) && !Array.Exists(deltas, Lists))
        {
            return null;
        }

        return AskUsable(crl, deltas, covered);
    }

    private RevokedEntry? AskUsable(CertificateRevocationList crl, CertificateRevocationList[] deltas, ReasonFlags covered)
    {
        // (a)(1)(i): a delta CRL keeps a complete one alive that is past its nextUpdate. One that is overdue still shows what it revokes.
        var isCurrent = IsCurrent(crl);
        if (!isCurrent && deltas.Length == 0 && !Lists(crl))
        {
            return PassOverdue(crl);
        }

        if (FindSigner(crl) is not { } signer)
        {
            return PassOver(crl, "no certificate that may sign CRLs of this issuer proves its signature");
        }

        if (IsSuperseded(crl, signer))
        {
            return null;
        }

        // (h)
        deltas = Latest(Array.FindAll(deltas, delta => trust.Verifies(signer, delta)));
        if (!isCurrent && deltas.Length == 0)
        {
            return Find(crl) ?? PassOverdue(crl);
        }

        Rely(isCurrent ? [crl, .. deltas] : deltas);
        _covered |= covered;
        if (covered != ReasonFlags.All)
        {
            PassOver(crl, "it tells of some reasons only");
        }

        // (i) to (k)
        var entries = Array.ConvertAll(deltas, Find);
        return Array.Find(entries, entry => entry is { Reason: not CrlReason.RemoveFromCrl }) ?? Array.Find(entries, entry => entry is not null) ?? Find(crl);
    }

    private static CertificateRevocationList[] Latest(CertificateRevocationList[] crls) => Array.FindAll(crls, crl => !Array.Exists(crls, crl.Precedes));

    /// <summary>Whether a later one takes its place (RFC 5280 section 5.2.3), which it does once it can itself be used.</summary>
    private bool IsSuperseded(CertificateRevocationList crl, Certificate signer) => Array.Exists(
        crls.Of(crl.Issuer),
        later => crl.Precedes(later) && WhyUnusable(later) is null && IsCurrent(later) && trust.Verifies(signer, later));

    private bool Lists(CertificateRevocationList crl) => Find(crl) is { Reason: not CrlReason.RemoveFromCrl };

    private RevokedEntry? Find(CertificateRevocationList crl) => crl.Find(certificate.Issuer, certificate.Serial.Span);

    private RevokedEntry? PassOverdue(CertificateRevocationList crl) => PassOver(crl, $"the next one was due at {crl.NextUpdate:u}");

    private RevokedEntry? PassOver(CertificateRevocationList crl, string why)
    {
        _unused.Add(crl, why);
        return null;
    }

    private string? WhyUnusable(CertificateRevocationList crl) =>
        crl.Defect ?? (crl.ThisUpdate > trust.Now + trust.ClockSkew ? "its time has not come" : null);

    private bool IsCurrent(CertificateRevocationList crl) => crl.NextUpdate >= trust.Now - trust.ClockSkew;

    private void Rely(CertificateRevocationList[] used)
    {
        foreach (var crl in used)
        {
            if (crl.NextUpdate < ValidUntil)
            {
                ValidUntil = crl.NextUpdate.Value;
            }
        }
    }

    /// <summary>
    /// (f) and (g). Names and key usages are compared before a signature is verified, and a path is searched for a proven signature only.
    /// </summary>
    private Certificate? FindSigner(CertificateRevocationList crl)
    {
        if (issuer.Subject.Equals(crl.Issuer) && MaySign(issuer) && trust.Verifies(issuer, crl))
        {
            return issuer;
        }

        return trust.CertificatesNamed(crl.Issuer)
            .Where(candidate => !ReferenceEquals(candidate, issuer) && candidate.Subject.Equals(crl.Issuer) && MaySign(candidate))
            .OrderByDescending(candidate => HasKeyId(candidate, crl))
            .FirstOrDefault(candidate => trust.Verifies(candidate, crl) && trust.HasPath(candidate, anchor));
    }

    /// <remarks>
    /// Section 4.2.1.3 has a key usage in every certificate whose key verifies CRLs. Where it is left out, the path itself makes the issuer
    /// and the anchor what they are; nothing does so for another certificate, which could be anybody's of the same name.
    /// </remarks>
    private bool MaySign(Certificate signer) => signer.Extensions.KeyUsage is { } usage
        ? usage.MaySignCrls
        : ReferenceEquals(signer, issuer) || ReferenceEquals(signer, anchor);

    private static bool HasKeyId(Certificate signer, CertificateRevocationList crl) =>
        crl.KeyId is { } wanted && signer.Extensions.SubjectKeyIdentifier is { } held && held.KeyId.Span.SequenceEqual(wanted.Span);

    private Refusal Revoked(CertificateRevocationList crl, RevokedEntry entry) => Refusal.Of(
        certificate,
        X509RejectionReason.Revoked,
        $"{Describe(certificate)} is revoked since {entry.At:u} for {entry.Reason}, says the CRL {crl} (RFC 5280 section 6.3.3).",
        at: entry.At);
}
