namespace ZeroTrust.X509.Internal;

/// <summary>Which known certificates prove the signatures of CRLs. Each is verified once.</summary>
internal sealed class CrlSigners(TrustAnchorSet anchors, CrlSet crls, KnownFacts facts, IReadOnlyList<Certificate> known)
{
    private readonly Dictionary<(CertificateRevocationList Crl, Certificate Signer), bool> _proofs = [];

    /// <summary>The certificate that proves the CRL; null when none that is known does.</summary>
    public Certificate? SignerOf(CertificateRevocationList crl) => Candidates(crl).FirstOrDefault(candidate => Verifies(crl, candidate));

    /// <summary>Whether certificates of its issuer are known and none of them made it.</summary>
    public bool IsDisproved(CertificateRevocationList crl) => Candidates(crl).Any() && SignerOf(crl) is null && !facts.IsProven(crl.Sha256);

    private IEnumerable<Certificate> Candidates(CertificateRevocationList crl) =>
        anchors.Concat(crls.Issuers).Concat(known).Concat(facts.Certificates).Where(certificate => certificate.Subject.Equals(crl.Issuer));

    private bool Verifies(CertificateRevocationList crl, Certificate signer)
    {
        if (!_proofs.TryGetValue((crl, signer), out var verifies))
        {
            verifies = signer.Extensions.KeyUsage is null or { MaySignCrls: true }
                && SignatureCheck.IsPossible(signer, crl.SignatureAlgorithm)
                && SignatureCheck.Verify(signer, crl.SignatureAlgorithm, crl.Signed.Span, crl.Signature.Span);
            _proofs.Add((crl, signer), verifies);
        }

        return verifies;
    }
}
