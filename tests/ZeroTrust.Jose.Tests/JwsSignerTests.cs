using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Jose.Tests;

public sealed class JwsSignerTests
{
    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;

    [Fact]
    public void A_certificate_signs_and_is_named_by_its_hash()
    {
        using var rsa = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=a", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(Epoch, Epoch.AddDays(1));
        using var signer = JwsSigner.FromCertificate(certificate);

        var jws = JoseAssert.Accepted(StrictJws.Parse(signer.Sign("zt-link+jwt", "{}"u8)));

        Assert.True(jws.Header.HasExactly("alg", "typ", "x5t#S256"));
        Assert.Equal("zt-link+jwt", jws.Header.Type);
        Assert.Equal(CanonicalBase64Url.Encode(SHA256.HashData(certificate.RawData)), jws.Header.X509Sha256);
        JoseAssert.Accepted(jws.Verify(JoseAssert.Accepted(JwsKey.FromCertificate(certificate))));
    }

    [Fact]
    public void A_signer_outlives_the_certificate_it_was_made_of()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=a", ec, HashAlgorithmName.SHA256).CreateSelfSigned(Epoch, Epoch.AddDays(1));
        using var publicOnly = X509CertificateLoader.LoadCertificate(certificate.RawData);
        using var signer = JwsSigner.FromCertificate(certificate);
        certificate.Dispose();

        JoseAssert.Accepted(JoseAssert.Accepted(StrictJws.Parse(signer.Sign("t", "{}"u8))).Verify(JoseAssert.Accepted(JwsKey.FromCertificate(publicOnly))));
    }

    [Fact]
    public void A_certificate_without_private_key_cannot_sign()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=a", ec, HashAlgorithmName.SHA256).CreateSelfSigned(Epoch, Epoch.AddDays(1));
        using var publicOnly = X509CertificateLoader.LoadCertificate(certificate.RawData);

        Assert.Throws<ArgumentException>(() => JwsSigner.FromCertificate(publicOnly));
    }

    [Fact]
    public void Keys_and_algorithms_that_nobody_would_accept_cannot_sign()
    {
        using var weak = RSA.Create(1024);
        using var rsa = RSA.Create(2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP521);

        Assert.Throws<ArgumentException>(() => JwsSigner.FromKey(weak, "k"));
        Assert.Throws<ArgumentException>(() => JwsSigner.FromKey(rsa, "k", "HS256"));
        Assert.Throws<ArgumentException>(() => JwsSigner.FromKey(curve, "k"));
    }
}
