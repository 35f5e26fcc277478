using System.Collections;

namespace ZeroTrust.X509.Internal;

/// <summary>The names that issue certificates of peers, as far as anybody knows before a peer comes.</summary>
internal sealed class IssuersInUse(TrustAnchorSet anchors, CrlSet crls, KnownFacts facts, IReadOnlyList<Certificate> known) : IEnumerable<DistinguishedName>
{
    private const int MaxDepth = 8;

    public IEnumerator<DistinguishedName> GetEnumerator()
    {
        var names = known.Where(certificate => !certificate.IsCa).Select(leaf => leaf.Issuer)
            .Concat(facts.Certificates.Select(intermediate => intermediate.Subject))
            .Concat(crls.Where(crl => !crl.IsIndirect && anchors.NamedAs(crl.Issuer).IsEmpty).Select(crl => crl.Issuer))
            .ToHashSet();
        return (names.Count > 0 ? names : [.. anchors.Select(anchor => anchor.Subject)]).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether a leaf of this issuer, and every certificate above it, has a CRL that tells of it.</summary>
    public bool IsServed(DistinguishedName issuer, IReadOnlyList<CertificateRevocationList> usable) =>
        IsTold(issuer, known.FirstOrDefault(leaf => !leaf.IsCa && leaf.Issuer.Equals(issuer)), isCa: false, usable) && IsPathTold(issuer, usable, MaxDepth);

    /// <summary>Whether other CRLs tell of every certificate at hand that this one tells of; no when there is none.</summary>
    public bool AreToldInstead(CertificateRevocationList crl, IReadOnlyList<CertificateRevocationList> others)
    {
        var certificates = known.Concat(facts.Certificates).Where(certificate => Told(crl, certificate) != ReasonFlags.None).ToList();
        return certificates.Count > 0 && certificates.TrueForAll(certificate =>
        {
            var told = ReasonFlags.None;
            foreach (var other in others.Where(other => !other.IsDelta))
            {
                told |= Told(other, certificate);
            }

            return (Told(crl, certificate) & ~told) == ReasonFlags.None;
        });
    }

    private bool IsPathTold(DistinguishedName name, IReadOnlyList<CertificateRevocationList> usable, int depth)
    {
        if (!anchors.NamedAs(name).IsEmpty)
        {
            return true;
        }

        var intermediates = known.Concat(facts.Certificates).Where(certificate => certificate.IsCa && certificate.Subject.Equals(name)).ToList();
        return depth > 0 && (intermediates.Count > 0
            ? intermediates.Exists(intermediate => IsTold(intermediate.Issuer, intermediate, isCa: true, usable) && IsPathTold(intermediate.Issuer, usable, depth - 1))
            : anchors.Any(anchor => IsTold(anchor.Subject, certificate: null, isCa: true, usable)));
    }

    // Where no certificate says at which point its CRL is, each point is taken for the right one.
    private static bool IsTold(DistinguishedName issuer, Certificate? certificate, bool isCa, IReadOnlyList<CertificateRevocationList> usable)
    {
        var told = ReasonFlags.None;
        foreach (var crl in usable.Where(crl => !crl.IsDelta))
        {
            told |= certificate is null ? CrlScope.ReasonsFor(crl, issuer, isCa) : Told(crl, certificate);
        }

        return told == ReasonFlags.All;
    }

    private static ReasonFlags Told(CertificateRevocationList crl, Certificate certificate)
    {
        var told = CrlScope.ReasonsCovered(crl, certificate, DistributionPoint.ImpliedBy(certificate.Issuer));
        foreach (var point in certificate.Extensions.CrlDistributionPoints)
        {
            told |= CrlScope.ReasonsCovered(crl, certificate, point);
        }

        return told;
    }
}
