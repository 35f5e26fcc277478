using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests;

/// <summary>CRLs and the deny-list, at the first verdict and for open connections.</summary>
public sealed class PeerRevocationTests : IDisposable
{
    private static readonly TrustDomain Domain = TrustDomain.Parse(World.Domain);

    private readonly World _world = new();
    private readonly TestCertificate _leaf;

    public PeerRevocationTests() => _leaf = _world.Intermediate.Issue(World.Orders);

    public void Dispose()
    {
        _leaf.Dispose();
        _world.Dispose();
    }

    [Fact]
    public void A_certificate_that_no_crl_lists_is_accepted_and_a_listed_one_refused()
    {
        using var other = _world.Intermediate.Issue(World.Billing);

        Publish(_world.Root.IssueCrl([]), _world.Intermediate.IssueCrl([other.Certificate]));
        Check.Accepted(Verify());

        Publish(_world.Root.IssueCrl([]), _world.Intermediate.IssueCrl([_leaf.Certificate]));
        Check.Refused(Verify(), X509RejectionReason.Revoked);

        Publish(_world.Root.IssueCrl([_world.Intermediate.Certificate]), _world.Intermediate.IssueCrl([]));
        Check.Refused(Verify(), X509RejectionReason.Revoked);
    }

    [Fact]
    public void A_status_nobody_tells_is_an_outage_under_hard_fail_and_passes_under_soft_fail()
    {
        CertificateRevocationList[] some = [_world.Intermediate.IssueCrl([])];
        Publish(some);
        var rejection = Check.Refused(Verify(), X509RejectionReason.RevocationStatusUnavailable);
        Assert.Equal(RejectionKind.Unavailable, rejection.Kind);

        PublishSoft(some);
        Check.Accepted(Verify());
        PublishSoft(_world.Intermediate.IssueCrl([_leaf.Certificate]));
        Check.Refused(Verify(), X509RejectionReason.Revoked);
    }

    [Fact]
    public void A_crl_of_another_key_says_nothing()
    {
        using var impostor = TestCertificateAuthority.Create("intermediate", _world.Time);
        Publish(_world.Root.IssueCrl([]), impostor.IssueCrl([]));

        Check.Refused(Verify(), X509RejectionReason.RevocationStatusUnavailable);
    }

    [Fact]
    public void The_proof_is_no_older_than_the_crls_it_rests_on()
    {
        Publish(_world.Root.IssueCrl([], World.Start.AddMinutes(20)), _world.Intermediate.IssueCrl([], World.Start.AddMinutes(10)));
        var peer = Check.Accepted(Verify());
        Assert.Equal(World.Start.AddMinutes(10), peer.ValidUntil);
        Assert.Equal(World.Start.AddHours(1), peer.NotAfter);

        _world.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(5));
        Assert.Same(peer, Check.Accepted(_world.Verifier.Recheck(peer)));
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        Check.Refused(_world.Verifier.Recheck(peer), X509RejectionReason.RevocationStatusUnavailable);

        Publish(_world.Root.IssueCrl([]), _world.Intermediate.IssueCrl([]));
        Assert.Equal(World.Start.AddHours(1), Check.Accepted(_world.Verifier.Recheck(peer)).ValidUntil);
    }

    [Fact]
    public void An_open_connection_ends_with_the_crl_that_revokes_its_certificate()
    {
        Publish(_world.Root.IssueCrl([]), _world.Intermediate.IssueCrl([]));
        var peer = Check.Accepted(Verify());

        Publish(_world.Root.IssueCrl([]), _world.Intermediate.IssueCrl([_leaf.Certificate]));

        Check.Refused(_world.Verifier.Recheck(peer), X509RejectionReason.Revoked);
    }

    [Fact]
    public void With_crls_a_leaf_may_live_long_unless_a_limit_is_given()
    {
        using var leaf = _world.Intermediate.Issue(options =>
        {
            options.SpiffeId = World.Orders;
            options.NotAfter = World.Start.AddDays(90);
        });
        var crls = new CrlSet([_world.Root.IssueCrl([]), _world.Intermediate.IssueCrl([])]);

        Check.Refused(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client), MtlsRejectionReason.LifetimeTooLong);
        _world.Bundles.Replace(new TrustBundleSet(new TrustBundle(Domain, [_world.Root.Certificate], maxLeafLifetime: null, crls)));
        Check.Accepted(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client));
        _world.Bundles.Replace(new TrustBundleSet(new TrustBundle(Domain, [_world.Root.Certificate], TimeSpan.FromDays(30), crls)));
        Check.Refused(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client), MtlsRejectionReason.LifetimeTooLong);
    }

    [Fact]
    public void A_denial_by_serial_number_holds_at_once_for_what_it_names()
    {
        AssertDenied(new DenyList(serials: [(Read(_world.Intermediate), _leaf.Certificate.SerialNumberBytes)]), X509RejectionReason.Denied);
        AssertDenied(new DenyList(serials: [(Read(_world.Root), _world.Intermediate.Certificate.SerialNumberBytes)]), X509RejectionReason.Denied);
        AssertSpared(new DenyList(serials: [(Read(_world.Root), _leaf.Certificate.SerialNumberBytes)]));
    }

    [Fact]
    public void A_denial_by_hash_holds_at_once_for_what_it_names()
    {
        using var other = _world.Intermediate.Issue(World.Orders);

        AssertDenied(new DenyList(leaves: [_leaf.ToPeerCertificates().LeafSha256]), X509RejectionReason.Denied);
        AssertSpared(new DenyList(leaves: [other.ToPeerCertificates().LeafSha256]));
    }

    [Fact]
    public void A_denial_of_a_workload_holds_at_once_for_every_certificate_of_it()
    {
        var denied = new DenyList(workloads: [WorkloadId.Parse(World.Orders)]);
        var rejection = AssertDenied(denied, MtlsRejectionReason.WorkloadDenied);
        Assert.Equal(RejectionKind.Forbidden, rejection.Kind);
        Assert.Equal(World.Orders, rejection.Presented);

        using var renewed = _world.Root.Issue(World.Orders);
        Check.Refused(_world.Verifier.Verify(renewed.ToPeerCertificates(), PeerRole.Client), MtlsRejectionReason.WorkloadDenied);
        AssertSpared(new DenyList(workloads: [WorkloadId.Parse(World.Billing)]));
    }

    [Fact]
    public void A_denied_name_is_reported_only_of_those_who_prove_it()
    {
        Deny(new DenyList(workloads: [WorkloadId.Parse(World.Orders)]));
        using var stranger = TestCertificateAuthority.Create("stranger", _world.Time);
        using var leaf = stranger.Issue(World.Orders);

        Check.Refused(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client), X509RejectionReason.UntrustedAnchor);
    }

    private static Certificate Read(TestCertificateAuthority authority) => Certificate.Read(authority.Certificate.RawDataMemory).GetOrThrow();

    private Verdict<VerifiedPeer> Verify() => _world.Verifier.Verify(_leaf.ToPeerCertificates(), PeerRole.Client);

    private void Publish(params CertificateRevocationList[] crls) => _world.Bundles.Replace(new TrustBundleSet(NewBundle(crls)));

    private void PublishSoft(params CertificateRevocationList[] crls) =>
        _world.Bundles.Replace(new TrustBundleSet(NewBundle(crls).DangerousAllowUnknownRevocation("a test")));

    private TrustBundle NewBundle(CertificateRevocationList[] crls) =>
        new(Domain, [_world.Root.Certificate], maxLeafLifetime: null, new CrlSet(crls));

    private void Deny(DenyList denied) => _world.Bundles.Replace(new TrustBundleSet(_world.Bundles.GetBundles(), denied));

    private Rejection AssertDenied(DenyList denied, X509RejectionReason reason)
    {
        var peer = ProveUndenied();
        Deny(denied);
        Check.Refused(Verify(), reason);
        return Check.Refused(_world.Verifier.Recheck(peer), reason);
    }

    private Rejection AssertDenied(DenyList denied, MtlsRejectionReason reason)
    {
        var peer = ProveUndenied();
        Deny(denied);
        Check.Refused(Verify(), reason);
        return Check.Refused(_world.Verifier.Recheck(peer), reason);
    }

    private void AssertSpared(DenyList denied)
    {
        var peer = ProveUndenied();
        Deny(denied);
        Assert.Same(_world.Verifier.Snapshot, Check.Accepted(_world.Verifier.Recheck(peer)).Snapshot);
    }

    private VerifiedPeer ProveUndenied()
    {
        Deny(DenyList.Empty);
        return Check.Accepted(Verify());
    }
}
