using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests;

public sealed class TrustBundleTests : IDisposable
{
    private static readonly TrustDomain Domain = TrustDomain.Parse(World.Domain);

    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Short_lives_stand_in_for_crls_where_there_are_none()
    {
        var bundle = new TrustBundle(Domain, [_world.Root.Certificate]);

        Assert.Equal(TimeSpan.FromHours(24), bundle.MaxLeafLifetime);
        Assert.Equal(RevocationMode.None, bundle.Revocation);
        Assert.Null(bundle.Crls);
    }

    [Theory]
    [InlineData(RevocationMode.HardFail)]
    [InlineData(RevocationMode.SoftFail)]
    public void Crls_lift_the_limit_of_the_lifetime_unless_one_is_given(RevocationMode mode)
    {
        var bundle = new TrustBundle(Domain, [_world.Root.Certificate], maxLeafLifetime: null, CrlSet.Empty, mode);

        Assert.Null(bundle.MaxLeafLifetime);
        Assert.Equal(mode, bundle.Revocation);
        Assert.Equal(
            TimeSpan.FromDays(90), new TrustBundle(Domain, [_world.Root.Certificate], TimeSpan.FromDays(90), CrlSet.Empty, mode).MaxLeafLifetime);
    }

    [Fact]
    public void Crls_that_are_not_asked_and_leniency_without_crls_are_errors()
    {
        Assert.Throws<ArgumentException>(() => new TrustBundle(Domain, [_world.Root.Certificate], crls: CrlSet.Empty, revocation: RevocationMode.None));
        Assert.Throws<ArgumentException>(() => new TrustBundle(Domain, [_world.Root.Certificate], revocation: RevocationMode.SoftFail));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrustBundle(Domain, [_world.Root.Certificate], crls: CrlSet.Empty, revocation: (RevocationMode)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrustBundle(Domain, [_world.Root.Certificate], TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => new TrustBundle(default, [_world.Root.Certificate]));
        Assert.Throws<ArgumentException>(() => new TrustBundle(Domain, []));
    }

    [Fact]
    public void An_anchor_under_which_nothing_could_pass_is_told_with_its_hash_and_the_reason()
    {
        using var leaf = _world.Root.Issue(World.Orders);
        using var weak = TestCertificateAuthority.Create(options => options.Key = TestKeyAlgorithm.Rsa1024);
        using var odd = SelfSigned(ECCurve.NamedCurves.brainpoolP256r1, X509KeyUsageFlags.KeyCertSign);
        using var idle = SelfSigned(ECCurve.NamedCurves.nistP256, X509KeyUsageFlags.CrlSign);
        using var good = SelfSigned(ECCurve.NamedCurves.nistP256, X509KeyUsageFlags.KeyCertSign);

        Refused(leaf.Certificate, "x509.issuer_not_ca");
        Refused(weak.Certificate, "x509.key_refused");
        Refused(odd, "x509.key_refused");
        Refused(idle, "x509.issuer_key_usage_invalid");
        Assert.Single(new TrustBundle(Domain, [good]).Anchors);
    }

    [Fact]
    public void An_anchor_that_only_the_platform_can_read_is_refused()
    {
        // An extension whose criticality is spelled with the default, which is no DER; the platform does not mind.
        using var good = SelfSigned(ECCurve.NamedCurves.nistP256, X509KeyUsageFlags.KeyCertSign, new X509Extension("1.2.3.4", [5, 0], critical: true));
        var der = good.RawData;
        der[der.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x06, 0x03, 0x2A, 0x03, 0x04, 0x01, 0x01, 0xFF]) + 7] = 0x00;
        using var spoilt = X509CertificateLoader.LoadCertificate(der);

        Refused(spoilt, "x509.malformed");
    }

    [Fact]
    public void Anchors_outlive_the_objects_they_came_from()
    {
        using var leaf = _world.Root.Issue(World.Orders);
        var anchor = X509CertificateLoader.LoadCertificate(_world.Root.Certificate.RawData);
        _world.Bundles.Replace(new TrustBundleSet(new TrustBundle(Domain, [anchor])));
        anchor.Dispose();

        Check.Accepted(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client));
    }

    [Fact]
    public void A_set_names_each_trust_domain_once()
    {
        var bundle = _world.Root.ToBundle(World.Domain);

        Assert.Throws<ArgumentException>(() => new TrustBundleSet(bundle, bundle));
        Assert.Same(DenyList.Empty, new TrustBundleSet(bundle).Denied);
    }

    private static void Refused(X509Certificate2 anchor, string reason)
    {
        var exception = Assert.Throws<ArgumentException>(() => new TrustBundle(Domain, [anchor]));

        Assert.Contains(anchor.GetCertHashString(HashAlgorithmName.SHA256), exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    private static X509Certificate2 SelfSigned(ECCurve curve, X509KeyUsageFlags usage, params ReadOnlySpan<X509Extension> extensions)
    {
        using var key = ECDsa.Create(curve);
        var request = new CertificateRequest("CN=anchor", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        foreach (var extension in extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        return request.CreateSelfSigned(World.Start, World.Start.AddYears(1));
    }
}
