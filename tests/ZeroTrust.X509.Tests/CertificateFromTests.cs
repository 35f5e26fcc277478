using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

/// <summary><see cref="Certificate.From"/>: the platform's certificate and ours are of one key, or neither is taken.</summary>
public sealed class CertificateFromTests
{
    private static readonly ForgedCertificate Forged = CertificateForge.Leaf().SelfSigned();

    [Fact]
    public void The_platforms_certificate_is_read()
    {
        using var platform = X509CertificateLoader.LoadCertificate(Forged.Der);

        Assert.True(Certificate.From(platform).TryGet(out var certificate, out _));
        Assert.Equal(Forged.Der, certificate.Der.ToArray());
    }

    [Fact]
    public void An_RSA_key_is_read_alike()
    {
        using var platform = X509CertificateLoader.LoadCertificate(CertificateForge.Leaf().Key(ForgeKey.RsaPss()).SelfSigned().Der);

        Assert.True(Certificate.From(platform).IsAccepted);
    }

    [Fact]
    public void Another_key_than_ours_is_refused() => ShouldDisagree(new DissentingCertificate(Forged.Der) { Key = CertificateForge.Leaf().SelfSigned().Key.PublicKeyInfo });

    [Fact]
    public void Other_parameters_than_ours_are_refused() => ShouldDisagree(new DissentingCertificate(Forged.Der) { Parameters = Der.Oid("1.3.132.0.34") });

    [Fact]
    public void Another_algorithm_than_ours_is_refused() => ShouldDisagree(new DissentingCertificate(Forged.Der) { Algorithm = "1.2.840.113549.1.1.1" });

    [Fact]
    public void A_dissenter_without_dissent_is_read()
    {
        using var platform = new DissentingCertificate(Forged.Der);

        Assert.True(Certificate.From(platform).IsAccepted);
    }

    [Fact]
    public void A_disposed_key_of_the_platform_does_not_hinder()
    {
        var root = CertificateForge.Ca("Root").SelfSigned();
        var ca = CertificateForge.Ca("CA").IssuedBy(root);
        var leaf = CertificateForge.Leaf().IssuedBy(ca);
        var platform = X509CertificateLoader.LoadCertificate(ca.Der);
        var borrowed = Certificate.From(platform);
        platform.Dispose();

        var verdict = new PathValidator(new TrustAnchorSet(root.Certificate)).Validate(
            leaf.Certificate, [borrowed.Value!], new PathPolicy { Revocation = RevocationMode.None, PlatformVeto = false }, Trial.Noon);

        Assert.True(verdict.IsAccepted, verdict.ToString());
    }

    private static void ShouldDisagree(DissentingCertificate platform)
    {
        using (platform)
        {
            var codes = new RejectionFamily<X509RejectionReason>("x509", _ => RejectionKind.Unauthenticated);

            Assert.Equal(codes.CodeOf(X509RejectionReason.KeyDisagreement), Certificate.From(platform).Rejection?.Code);
        }
    }

    /// <summary>A platform that reads another key out of the same bytes.</summary>
#pragma warning disable SYSLIB0057 // the loader cannot make a derived class
    private sealed class DissentingCertificate(byte[] der) : X509Certificate2(der)
#pragma warning restore SYSLIB0057
    {
        public byte[]? Key { get; init; }

        public byte[]? Parameters { get; init; }

        public string? Algorithm { get; init; }

        public override byte[] GetPublicKey() => Key ?? base.GetPublicKey();

        public override byte[]? GetKeyAlgorithmParameters() => Parameters ?? base.GetKeyAlgorithmParameters();

        public override string GetKeyAlgorithm() => Algorithm ?? base.GetKeyAlgorithm();
    }
}
