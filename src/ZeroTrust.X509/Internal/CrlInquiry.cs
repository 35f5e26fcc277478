using ZeroTrust.Shared;

namespace ZeroTrust.X509.Internal;

/// <summary>Asks the CRLs about one certificate (RFC 5280 section 6.3.3). The letters name the steps there.</summary>
internal sealed class CrlInquiry(CrlSet crls, ICrlTrust trust, Certificate certificate, Certificate issuer, Certificate anchor)
{
    private ReasonFlags _covered;
    private (CertificateRevocationList Crl, string Why)? _unused;

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
        return IsDetermined ? null : FindRevocation(DistributionPoint.ImpliedBy(certificate.Issuer));
    }

    public Refusal Undetermined() => Refusal.Of(
        certificate,
        X509RejectionReason.RevocationStatusUnavailable,
        $"No CRL tells the status of {Describe(certificate)} for every reason: "
        + (_unused is var (crl, why)
            ? $"the CRL {crl} is not used because {why}."
            : $"there is none of '{LogText.Fact(certificate.IssuerName)}' (RFC 5280 section 6.3)."),
        at: _unused?.Crl.NextUpdate);

    private static string Describe(Certificate certificate) =>
        $"'{LogText.Fact(certificate.SubjectName)}' with the serial number {LogText.Fact(Convert.ToHexStringLower(certificate.Serial.Span))}";

    private Refusal? FindRevocation(DistributionPoint point)
    {
        DistinguishedName[] names = point.CrlIssuers.Length > 0 ? point.CrlIssuers : [certificate.Issuer];
        foreach (var name in names)
        {
            foreach (var crl in crls.Of(name))
            {
                if (IsDetermined)
                {
                    return null;
                }

                if (!crl.IsDelta && Ask(crl, point) is { Reason: not CrlReason.RemoveFromCrl } entry)
                {
                    return Revoked(crl, entry);
                }
            }
        }

        return null;
    }

    private RevokedEntry? Ask(CertificateRevocationList crl, DistributionPoint point)
    {
        var covered = CrlScope.ReasonsCovered(crl, certificate, point);
        if (covered == ReasonFlags.None)
        {
            return PassOver(crl, "it is for other certificates or distribution points");
        }

        // (e)
        if ((covered & ~_covered) == ReasonFlags.None)
        {
            return null;
        }

        if (WhyUnusable(crl) is { } why)
        {
            return PassOver(crl, why);
        }

        // (a)(1)(i): a delta CRL keeps a complete one alive that is past its nextUpdate.
        var isCurrent = IsCurrent(crl);
        var deltas = Array.FindAll(crls.Of(crl.Issuer), delta => CrlScope.Updates(delta, crl) && WhyUnusable(delta) is null && IsCurrent(delta));
        if (!isCurrent && deltas.Length == 0)
        {
            return PassOver(crl, $"the next one was due at {crl.NextUpdate:u}");
        }

        if (FindSigner(crl) is not { } signer)
        {
            return PassOver(crl, "no certificate that may sign CRLs of this issuer proves its signature");
        }

        // (h)
        var latest = Array.Find(deltas, delta => trust.Verifies(signer, delta));
        if (!isCurrent && latest is null)
        {
            return PassOver(crl, $"the next one was due at {crl.NextUpdate:u}");
        }

        Rely(isCurrent ? crl : latest!);
        Rely(latest ?? crl);
        _covered |= covered;

        // (i) to (k)
        return latest?.Find(certificate.Issuer, certificate.Serial.Span) ?? crl.Find(certificate.Issuer, certificate.Serial.Span);
    }

    private RevokedEntry? PassOver(CertificateRevocationList crl, string why)
    {
        _unused ??= (crl, why);
        return null;
    }

    private string? WhyUnusable(CertificateRevocationList crl) =>
        crl.Defect ?? (crl.ThisUpdate > trust.Now + trust.ClockSkew ? "its time has not come" : null);

    private bool IsCurrent(CertificateRevocationList crl) => crl.NextUpdate >= trust.Now - trust.ClockSkew;

    private void Rely(CertificateRevocationList crl)
    {
        if (crl.NextUpdate < ValidUntil)
        {
            ValidUntil = crl.NextUpdate.Value;
        }
    }

    /// <summary>(f) and (g). Names and key usages are compared before a signature is verified, and a path is searched for a proven signature only.</summary>
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
