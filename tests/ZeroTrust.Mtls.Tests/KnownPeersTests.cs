using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests;

/// <summary>A repeated peer costs a comparison, and only where the answer cannot have changed.</summary>
public sealed class KnownPeersTests : IDisposable
{
    private readonly World _world = new();
    private readonly TestCertificate _leaf;

    public KnownPeersTests() => _leaf = _world.Intermediate.Issue(World.Orders);

    public void Dispose()
    {
        _leaf.Dispose();
        _world.Dispose();
    }

    [Fact]
    public void The_same_certificates_get_the_same_proof()
    {
        var first = Check.Accepted(Verify());

        Assert.Same(first, Check.Accepted(Verify()));
    }

    [Fact]
    public void Another_role_is_another_question()
    {
        var client = Check.Accepted(Verify());
        var server = Check.Accepted(_world.Verifier.Verify(_leaf.ToPeerCertificates(), PeerRole.Server));

        Assert.NotSame(client, server);
        Assert.Equal(PeerRole.Server, server.Role);
    }

    [Fact]
    public void A_known_leaf_with_other_intermediates_is_verified_again()
    {
        Check.Accepted(Verify());

        Check.Refused(
            _world.Verifier.Verify(Check.Accepted(PeerCertificates.From(_leaf.Certificate)), PeerRole.Client), X509RejectionReason.UntrustedAnchor);
        using var other = TestCertificateAuthority.Create("other", _world.Clock);
        Check.Refused(
            _world.Verifier.Verify(Check.Accepted(PeerCertificates.From(_leaf.Certificate, [other.Certificate])), PeerRole.Client),
            X509RejectionReason.UntrustedAnchor);
    }

    [Fact]
    public void Other_trust_knows_nobody()
    {
        Check.Accepted(Verify());

        _world.Bundles.Replace(new TrustBundleSet(
            _world.Bundles.GetBundles(), new DenyList(workloads: [WorkloadId.Parse(World.Orders)])));

        Check.Refused(Verify(), MtlsRejectionReason.WorkloadDenied);
    }

    [Fact]
    public void A_known_peer_expires_with_its_path()
    {
        var peer = Check.Accepted(Verify());
        _world.Clock.SetUtcNow(peer.ValidUntil + _world.Verifier.Snapshot.ClockSkew);
        Assert.Same(peer, Check.Accepted(Verify()));

        _world.Clock.Advance(TimeSpan.FromSeconds(1));

        Check.Refused(Verify(), X509RejectionReason.Expired);
    }

    [Fact]
    public void More_peers_than_are_kept_are_verified_all_the_same()
    {
        var known = new KnownPeers();
        var peer = Check.Accepted(Verify());
        known.Add(peer);
        Assert.Same(peer, known.Find(peer.Certificates, PeerRole.Client));

        for (var i = 0; i < 1024; i++)
        {
            var other = Check.Accepted(PeerCertificates.Create(BitConverter.GetBytes(i)));
            known.Add(new VerifiedPeer(other, PeerRole.Client, peer.Snapshot));
        }

        Assert.Null(known.Find(peer.Certificates, PeerRole.Client));
        known.Add(peer);
        Assert.Same(peer, known.Find(peer.Certificates, PeerRole.Client));
    }

    [Fact]
    public void The_verifier_tells_when_trust_moves()
    {
        var token = _world.Verifier.GetReloadToken();
        Assert.False(token.HasChanged);

        _world.Bundles.Replace(new TrustBundleSet(_world.Bundles.GetBundles()));

        Assert.True(token.HasChanged);
        Assert.False(_world.Verifier.GetReloadToken().HasChanged);
    }

    private Verdict<VerifiedPeer> Verify() => _world.Verifier.Verify(_leaf.ToPeerCertificates(), PeerRole.Client);
}
