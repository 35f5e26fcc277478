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

    [Fact]
    public void Crls_lift_the_limit_of_the_lifetime_unless_one_is_given()
    {
        var bundle = NewBundle(CrlSet.Empty);

        Assert.Null(bundle.MaxLeafLifetime);
        Assert.Equal(RevocationMode.HardFail, bundle.Revocation);
        Assert.Equal(TimeSpan.FromDays(90), new TrustBundle(Domain, [_world.Root.Certificate], TimeSpan.FromDays(90), CrlSet.Empty).MaxLeafLifetime);
    }

    [Fact]
    public void A_bundle_has_a_trust_domain_an_anchor_and_a_lifetime_that_is_one()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrustBundle(Domain, [_world.Root.Certificate], TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => new TrustBundle(default, [_world.Root.Certificate]));
        Assert.Throws<ArgumentException>(() => new TrustBundle(Domain, []));
    }

    [Fact]
    public void Other_crls_leave_the_anchors_the_settings_and_what_was_learnt()
    {
        var crls = new CrlSet([_world.Root.IssueCrl([]), _world.Intermediate.IssueCrl([])]);
        var before = new TrustBundle(Domain, [_world.Root.Certificate], TimeSpan.FromHours(3), crls).DangerousSkipPlatformVeto("a test");
        Search(before);
        Search(before);
        var learnt = Search(before);

        var after = before.With(new CrlSet([_world.Root.IssueCrl([]), _world.Intermediate.IssueCrl([])]));

        Assert.Same(before.Anchors, after.Anchors);
        Assert.Equal((before.TrustDomain, before.MaxLeafLifetime, before.Policy), (after.TrustDomain, after.MaxLeafLifetime, after.Policy));
        Assert.Equal(before.Weakenings, after.Weakenings);
        Assert.NotSame(before.Crls, after.Crls);
        Assert.Same(learnt, Search(after));
        Assert.NotSame(learnt, Search(NewBundle(crls)));
    }

    [Fact]
    public void Other_crls_hold_at_once_and_beside_a_deny_list()
    {
        using var leaf = _world.Intermediate.Issue(World.Orders);
        var bundle = NewBundle(new CrlSet([_world.Root.IssueCrl([]), _world.Intermediate.IssueCrl([])]));
        var denied = new DenyList(workloads: [WorkloadId.Parse(World.Billing)]);
        _world.Bundles.Replace(new TrustBundleSet([bundle], denied));
        Check.Accepted(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client));

        var revoked = bundle.With(new CrlSet([_world.Root.IssueCrl([]), _world.Intermediate.IssueCrl([leaf.Certificate])]));

        foreach (var set in new TrustBundleSet[] { new([revoked], denied), new(revoked) })
        {
            _world.Bundles.Replace(set);
            Check.Refused(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client), X509RejectionReason.Revoked);
        }
    }

    [Fact]
    public void Short_lives_and_crls_are_not_exchanged()
    {
        var lived = new TrustBundle(Domain, [_world.Root.Certificate]);

        Assert.Throws<InvalidOperationException>(() => lived.With(CrlSet.Empty));
        Assert.Throws<InvalidOperationException>(() => lived.DangerousAllowUnknownRevocation("a test"));
        Assert.Throws<InvalidOperationException>(() => NewBundle(CrlSet.Empty).DangerousAllowNoRevocation("a test"));
    }

    [Fact]
    public void Every_weakening_needs_a_reason_and_says_what_and_where()
    {
        var lived = new TrustBundle(Domain, [_world.Root.Certificate]);
        var listed = NewBundle(CrlSet.Empty);
        Assert.Empty(lived.Weakenings);

        Assert.ThrowsAny<ArgumentException>(() => lived.DangerousAllowNoRevocation(" "));
        Assert.ThrowsAny<ArgumentException>(() => lived.DangerousSkipPlatformVeto(""));
        Assert.ThrowsAny<ArgumentException>(() => listed.DangerousAllowUnknownRevocation(null!));

        var weak = lived.DangerousAllowNoRevocation("a lab").DangerousSkipPlatformVeto("a broken store");
        Assert.Equal([new("mtls.no_revocation:example.test", "a lab"), new("mtls.no_platform_veto:example.test", "a broken store")], weak.Weakenings);
        Assert.Null(weak.MaxLeafLifetime);
        Assert.False(weak.Policy.PlatformVeto);
        var soft = listed.DangerousAllowUnknownRevocation("no CRLs at night");
        Assert.Equal([new("mtls.unknown_revocation:example.test", "no CRLs at night")], soft.Weakenings);
        Assert.Equal(RevocationMode.SoftFail, soft.Revocation);
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

    private TrustBundle NewBundle(CrlSet crls) => new(Domain, [_world.Root.Certificate], maxLeafLifetime: null, crls);

    /// <summary>The intermediate as it is kept between searches.</summary>
    private Certificate Search(TrustBundle bundle)
    {
        using var leaf = _world.Intermediate.Issue(World.Orders);
        var path = Check.Accepted(bundle.Validator.Validate(
            Certificate.Read(leaf.Certificate.RawData).GetOrThrow(),
            [Certificate.Read(_world.Intermediate.Certificate.RawData).GetOrThrow()],
            bundle.Policy,
            _world.Time.GetUtcNow()));
        return path.Certificates[1];
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
