using ZeroTrust.X509.Internal;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

/// <summary>What CRLs are good for, asked without a peer.</summary>
public sealed class CrlReviewTests : IDisposable
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);
    private static readonly ScopeForge CasOnly = new() { OnlyCa = true };
    private static readonly ScopeForge SomeReasons = new() { OnlySomeReasons = ReasonFlags.KeyCompromise };
    private static readonly ScopeForge OtherReasons = new() { OnlySomeReasons = ReasonFlags.All & ~ReasonFlags.KeyCompromise };

    private readonly RevocationWorld _world = new();

    public static TheoryData<string> Unusable => ["future", "overdue", "forged", "delta", "cas only", "some reasons", "attributes", "another point"];

    private CrlForge Next { get; } = new CrlForge { Number = 9 };

    public void Dispose() => _world.Dispose();

    [Theory]
    [MemberData(nameof(Unusable))]
    public void A_crl_that_cannot_be_used_lets_the_last_one_go_on(string kind)
    {
        var last = new CrlForge().Read(_world.Ca.Key);

        Assert.Same(last, Assert.Single(Outliving([last], [Of(kind)])));
    }

    [Fact]
    public void A_crl_that_can_be_used_takes_the_place_of_the_last_ones()
    {
        var some = (new CrlForge { Scope = SomeReasons }).Read(_world.Ca.Key);

        Assert.Empty(Outliving([new CrlForge().Read(_world.Ca.Key)], [Next.Read(_world.Ca.Key)]));
        Assert.Empty(Outliving([some], [Next.Read(_world.Ca.Key)]));
        Assert.Empty(Outliving([some], [(Next with { Scope = SomeReasons }).Read(_world.Ca.Key)]));
        Assert.Empty(Outliving([new CrlForge().Read(_world.Ca.Key)], [new CrlForge().Read(_world.Ca.Key)]));
        Assert.Empty(Outliving([new CrlForge().Read(_world.Ca.Key)], []));
    }

    [Fact]
    public void A_crl_of_another_scope_takes_the_place_when_it_tells_of_the_certificates_at_hand()
    {
        var last = new CrlForge().Read(_world.Ca.Key);
        var usersOnly = (Next with { Scope = new ScopeForge { OnlyUser = true } }).Read(_world.Ca.Key);
        CertificateRevocationList Some(ScopeForge scope) => (Next with { Scope = scope }).Read(_world.Ca.Key);

        Assert.Empty(Outliving([last], [usersOnly]));
        Assert.Empty(Outliving([last], [Some(SomeReasons), Some(OtherReasons)]));
        Assert.True(Review([last, usersOnly]).HasSuccessor(last, CrlForge.Now, Skew));
        Assert.Same(last, Assert.Single(Outliving([last], [Some(SomeReasons)])));
        Assert.False(Review([last, Some(CasOnly)]).HasSuccessor(last, CrlForge.Now, Skew));
        Assert.Same(last, Assert.Single(Review([last], [_world.Ca.Certificate]).FindOutliving(Review([usersOnly], [_world.Ca.Certificate]), [], CrlForge.Now, Skew)));
    }

    [Fact]
    public void A_crl_that_was_of_no_use_goes_on_beside_none()
    {
        Assert.Empty(Outliving([Of("forged")], [Of("overdue")]));
        Assert.Empty(Outliving([Of("future")], [Of("forged")]));
        Assert.Empty(Outliving([Of("delta")], [Of("forged")]));
    }

    [Fact]
    public void A_crl_that_nobody_can_prove_stays_for_one_exchange()
    {
        var (last, next) = (new CrlForge().Read(_world.Ca.Key), Next.Read(_world.Ca.Key));

        Assert.Same(last, Assert.Single(Review([last], known: []).FindOutliving(Review([next], known: []), [last], CrlForge.Now, Skew)));
        Assert.Empty(Review([last], known: []).FindOutliving(Review([next], known: []), [], CrlForge.Now, Skew));
    }

    [Fact]
    public void A_delta_crl_goes_on_with_what_it_brings_up_to_date()
    {
        var complete = new CrlForge().Read(_world.Ca.Key);
        var delta = (_world.Listing() with { Number = 8, BaseNumber = 7 }).Read(_world.Ca.Key);

        Assert.Equal([complete, delta], Outliving([complete, delta], [Of("future")]));
        Assert.Equal([delta], Outliving([complete, delta], [complete, (Next with { BaseNumber = 7 }).Read(_world.Leaf.Key)]));
        Assert.Empty(Outliving([complete, delta], [complete, (Next with { BaseNumber = 7 }).Read(_world.Ca.Key)]));
        Assert.Empty(Outliving([complete, delta], [Next.Read(_world.Ca.Key)]));
    }

    [Fact]
    public void The_crl_of_another_key_takes_no_place()
    {
        using var renewed = _world.Root.CrlSigner("CN=CA");
        var last = new CrlForge().Read(_world.Ca.Key);
        CrlReview Of(CertificateRevocationList crl) => Review([crl], known: [_world.Ca.Certificate, renewed.Certificate]);

        Assert.Same(last, Assert.Single(Of(last).FindOutliving(Of((Next with { KeyId = [9] }).Read(renewed.Key)), [], CrlForge.Now, Skew)));
    }

    [Theory]
    [InlineData("future", "its time has not come")]
    [InlineData("forged", "no certificate that may sign CRLs of this issuer proves its signature")]
    [InlineData("delta", "it is a delta CRL, and no complete CRL that it brings up to date is there")]
    [InlineData("attributes", "it is for attribute certificates")]
    [InlineData("overdue", null)]
    [InlineData("cas only", null)]
    public void What_is_of_no_use_is_told(string kind, string? why)
    {
        var unused = Review([Of(kind)]).FindUnused(CrlForge.Now, Skew);

        Assert.Equal(why is null, unused.Count == 0);
        Assert.StartsWith(why ?? string.Empty, unused.Select(crl => crl.Why).FirstOrDefault(string.Empty), StringComparison.Ordinal);
        Assert.Empty(Review([Next.Read(_world.Ca.Key)]).FindUnused(CrlForge.Now, Skew));
    }

    [Theory]
    [MemberData(nameof(Unusable))]
    public void An_issuer_in_use_without_a_crl_that_can_be_used_refuses_its_peers(string kind)
    {
        var root = _world.RootCrl.Read(_world.Root.Key);

        Assert.Equal(["CN=CA"], Review([root, Of(kind)]).FindUncovered(CrlForge.Now, Skew, out var isAll));
        Assert.True(isAll);
        Assert.Empty(Review([root, Of(kind), new CrlForge().Read(_world.Ca.Key)]).FindUncovered(CrlForge.Now, Skew, out isAll));
        Assert.False(isAll);
    }

    [Fact]
    public void The_issuers_in_use_are_those_of_certificates_at_hand_and_of_crls()
    {
        var (root, ca) = (_world.RootCrl.Read(_world.Root.Key), new CrlForge().Read(_world.Ca.Key));
        var other = (new CrlForge { Issuer = "CN=Other" }).Read(_world.Leaf.Key);

        Expect([], isAll: false, [root], []);
        Expect(["CN=Root"], isAll: true, [], []);
        Expect(["CN=CA"], isAll: true, [ca], []);
        Expect(["CN=CA"], isAll: false, [root, other], [_world.Leaf.Certificate, _world.Ca.Certificate]);
        Expect([], isAll: false, [root, Some(SomeReasons), Some(OtherReasons)], [_world.Leaf.Certificate, _world.Ca.Certificate]);

        CertificateRevocationList Some(ScopeForge scope) => (new CrlForge { Scope = scope }).Read(_world.Ca.Key);

        void Expect(string[] uncovered, bool isAll, CertificateRevocationList[] crls, Certificate[] known)
        {
            Assert.Equal(uncovered, Review(crls, known).FindUncovered(CrlForge.Now, Skew, out var all));
            Assert.Equal(isAll, all);
        }
    }

    private CertificateRevocationList Of(string kind) => kind switch
    {
        "future" => (Next with { ThisUpdate = CrlForge.Now.AddMinutes(1) }).Read(_world.Ca.Key),
        "overdue" => (Next with { NextUpdate = CrlForge.Now.AddMinutes(-1) }).Read(_world.Ca.Key),
        "forged" => Next.Read(_world.Leaf.Key),
        "delta" => (Next with { BaseNumber = 8 }).Read(_world.Ca.Key),
        "cas only" => (Next with { Scope = CasOnly }).Read(_world.Ca.Key),
        "some reasons" => (Next with { Scope = SomeReasons }).Read(_world.Ca.Key),
        "attributes" => (Next with { Scope = new ScopeForge { OnlyAttribute = true } }).Read(_world.Ca.Key),
        _ => (Next with { Scope = RevocationWorld.At("http://ca.example/other.crl") }).Read(_world.Ca.Key),
    };

    private IReadOnlyList<CertificateRevocationList> Outliving(CertificateRevocationList[] last, CertificateRevocationList[] next) =>
        Review(last).FindOutliving(Review(next), [], CrlForge.Now, Skew);

    private CrlReview Review(CertificateRevocationList[] crls) => Review(crls, [_world.Leaf.Certificate, _world.Ca.Certificate]);

    private CrlReview Review(CertificateRevocationList[] crls, Certificate[] known) =>
        new PathValidator(new TrustAnchorSet(_world.Root.Certificate), new CrlSet(crls)).Review(known);
}
