using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests.Sources;

/// <summary>A CRL that cannot be used pushes none out that can.</summary>
public sealed class CrlReplacementTests : IDisposable
{
    private readonly FileWorld _world = new();
    private readonly FileTrustBundleSource _source;

    public CrlReplacementTests()
    {
        Publish(Root(), Issuing());
        _source = _world.NewBundleSource();
    }

    private X509Certificate2 Issuer => _world.World.Intermediate.Certificate;

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_last_good_one_goes_on_beside_one_that_nothing_verifies(bool isIssuerKnown)
    {
        if (isIssuerKnown)
        {
            Check.Accepted(Verify());
            Check.Accepted(Verify());
        }

        Publish(Root(), Forge.Crl(Issuer, World.Start));
        Assert.True(_source.Reload());
        Check.Accepted(Verify());

        Publish(Root(), Issuing(_world.Current.Certificate));
        if (!isIssuerKnown)
        {
            // Whose number is right is not known before a peer has shown its issuer.
            Assert.False(_source.Reload() || _source.Reload());
            Assert.Contains("is older than the one in use", _source.Failure, StringComparison.Ordinal);
            Check.Accepted(Verify());
        }

        Assert.True(_source.Reload());
        Check.Refused(Verify(), X509RejectionReason.Revoked);
    }

    [Fact]
    public void A_forged_one_after_another_pushes_none_out()
    {
        Check.Accepted(Verify());
        Check.Accepted(Verify());
        foreach (var number in Enumerable.Range(999, 5))
        {
            Publish(Root(), Forge.Crl(Issuer, World.Start, number));
            Assert.True(_source.Reload());
            Check.Accepted(Verify());
        }

        Assert.Equal(3, Assert.Single(_source.GetBundles()).Crls!.Count);
    }

    [Fact]
    public void One_of_a_time_to_come_takes_the_place_when_it_has_come()
    {
        var signer = _world.World.Intermediate;
        var time = _world.World.Clock;
        var last = Issuing(_world.Current.Certificate);
        Publish(Root(), last);
        Assert.True(_source.Reload());
        Check.Refused(Verify(), X509RejectionReason.Revoked);

        time.Advance(TimeSpan.FromMinutes(30));
        var coming = signer.IssueCrl([]);
        time.AdjustTime(World.Start);
        Publish(Root(), coming);
        Assert.True(_source.Reload());
        Check.Refused(Verify(), X509RejectionReason.Revoked);
        time.Advance(TimeSpan.FromMinutes(30));
        Check.Accepted(Verify());
    }

    [Fact]
    public void The_last_good_one_goes_on_beside_one_that_is_overdue_at_once()
    {
        Publish(Root(), _world.World.Intermediate.IssueCrl([], World.Start.AddSeconds(1)));
        _world.World.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.True(_source.Reload());
        Check.Accepted(Verify());
    }

    [Fact]
    public void One_that_can_be_used_takes_the_place_alone()
    {
        Check.Accepted(Verify());
        Check.Accepted(Verify());
        Publish(Root(), Issuing());

        Assert.True(_source.Reload());
        Check.Accepted(Verify());
        Assert.Equal(2, Assert.Single(_source.GetBundles()).Crls!.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_revocation_does_not_wait_where_fewer_crls_are_later_ones(bool isForged)
    {
        Check.Accepted(Verify());
        Check.Accepted(Verify());
        Publish(isForged ? [Root(), Forge.Crl(Issuer, World.Start)] : [Root(), Issuing(), Issuing()]);
        Assert.True(_source.Reload());
        Assert.Equal(3, Assert.Single(_source.GetBundles()).Crls!.Count);

        Publish(Root(), Issuing(_world.Current.Certificate));
        Assert.True(Poll());
        Check.Refused(Verify(), X509RejectionReason.Revoked);
        Assert.Empty(_world.Told("SourceShrank"));

        // The first look may be at files that are half written.
        bool Poll() => _source.Poll() || _source.Poll();
    }

    [Fact]
    public void An_issuer_whose_crl_is_taken_away_is_told_no_longer()
    {
        Publish(Root());

        Assert.True(_source.Reload());
        Check.Refused(Verify(), X509RejectionReason.RevocationStatusUnavailable);
        Assert.Single(_world.Told("SourceShrank"));
    }

    private CertificateRevocationList Root() => _world.World.Root.IssueCrl([]);

    private CertificateRevocationList Issuing(params X509Certificate2[] revoked) => _world.World.Intermediate.IssueCrl(revoked);

    private void Publish(params CertificateRevocationList[] crls) => _world.Domain.CrlFiles = [_world.Write("crl.pem", FileWorld.Pem(crls))];

    private Verdict<VerifiedPeer> Verify() =>
        World.NewVerifier(_source, _world.World.Time).Verify(_world.Current.ToPeerCertificates(), PeerRole.Client);
}
