using ZeroTrust.X509.Internal;

namespace ZeroTrust.X509.Tests.Support;

/// <summary>Verifies signatures for real, and says of paths what the test wants.</summary>
internal sealed class CrlTrustFake : ICrlTrust
{
    public DateTimeOffset Now => CrlForge.Now;

    public TimeSpan ClockSkew => TimeSpan.FromMinutes(1);

    public string? Exhausted { get; set; }

    /// <summary>Certificates that are there beside the path.</summary>
    internal List<Certificate> Others { get; } = [];

    /// <summary>Those of them that have a path.</summary>
    internal List<Certificate> Proven { get; } = [];

    internal int Verifications { get; private set; }

    internal int Searches { get; private set; }

    public IEnumerable<Certificate> CertificatesNamed(DistinguishedName name) => Others;

    public bool HasPath(Certificate signer, Certificate anchor)
    {
        Searches++;
        return Proven.Contains(signer);
    }

    public bool Verifies(Certificate signer, CertificateRevocationList crl)
    {
        Verifications++;
        return SignatureCheck.Verify(signer, crl.SignatureAlgorithm, crl.Signed.Span, crl.Signature.Span);
    }
}
