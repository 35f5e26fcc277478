using ZeroTrust.X509.Internal;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class CrlScopeTests
{
    private const string CrlUri = RevocationWorld.CrlUri;
    private const string Indirect = "CN=CRL issuer";
    private const ReasonFlags SomeReasons = ReasonFlags.KeyCompromise | ReasonFlags.CaCompromise;

    [Fact]
    public void A_crl_of_all_points_serves_at_every_point()
    {
        using var world = new RevocationWorld(RevocationWorld.PointAt(CrlUri));

        world.AssertPasses(new CrlForge());
        world.AssertRevoked(world.Listing());
    }

    [Fact]
    public void A_crl_of_one_point_serves_certificates_that_name_the_point()
    {
        using var world = new RevocationWorld(RevocationWorld.PointAt(CrlUri));

        world.AssertPasses(new CrlForge { Scope = RevocationWorld.At(CrlUri) });
        world.AssertUnknown(new CrlForge { Scope = RevocationWorld.At("http://ca.example/other.crl") });
        world.AssertUnknown(new CrlForge { Scope = new ScopeForge { Name = PointName.Directory(CrlUri.Replace("http://", "CN=", StringComparison.Ordinal)) } });
    }

    [Fact]
    public void The_point_of_a_certificate_without_points_is_its_issuers_name()
    {
        using var world = new RevocationWorld();

        world.AssertPasses(new CrlForge { Scope = new ScopeForge { Name = PointName.Directory("CN=ca") } });
        world.AssertUnknown(new CrlForge { Scope = RevocationWorld.At(CrlUri) });
    }

    [Fact]
    public void One_common_name_of_several_is_enough()
    {
        var name = PointName.Full(Gn.Uri("ldap://ca.example/"), Gn.Uri(CrlUri));
        using var world = new RevocationWorld(new PointForge { Name = name });

        world.AssertPasses(new CrlForge { Scope = RevocationWorld.At(CrlUri) });
    }

    [Fact]
    public void Names_relative_to_the_issuer_match_each_other_and_the_full_name()
    {
        using var world = new RevocationWorld(new PointForge { Name = PointName.Relative("Part 1") });

        world.AssertPasses(new CrlForge { Scope = new ScopeForge { Name = PointName.Relative("part 1") } });
        world.AssertPasses(new CrlForge { Scope = new ScopeForge { Name = PointName.Directory("CN=Part 1, CN=CA") } });
        world.AssertUnknown(new CrlForge { Scope = new ScopeForge { Name = PointName.Relative("Part 2") } });
        world.AssertUnknown(new CrlForge { Scope = new ScopeForge { Name = PointName.Directory("CN=Part 1") } });
    }

    [Fact]
    public void A_crl_for_users_does_not_tell_of_cas()
    {
        using var world = new RevocationWorld();
        world.AssertPasses(new CrlForge { Scope = new ScopeForge { OnlyUser = true } });

        world.RootCrl = world.RootCrl with { Scope = new ScopeForge { OnlyUser = true } };
        world.AssertUnknown(new CrlForge());
    }

    [Fact]
    public void A_crl_for_cas_does_not_tell_of_users()
    {
        using var world = new RevocationWorld();
        world.RootCrl = world.RootCrl with { Scope = new ScopeForge { OnlyCa = true } };
        world.AssertPasses(new CrlForge());

        world.AssertUnknown(new CrlForge { Scope = new ScopeForge { OnlyCa = true } });
    }

    [Fact]
    public void A_crl_for_attribute_certificates_tells_of_none_of_ours()
    {
        using var world = new RevocationWorld();

        world.AssertUnknown(new CrlForge { Scope = new ScopeForge { OnlyAttribute = true } });
    }

    [Fact]
    public void A_crl_of_some_reasons_does_not_clear_and_the_rest_of_them_does()
    {
        using var world = new RevocationWorld();
        var some = new CrlForge { Scope = new ScopeForge { OnlySomeReasons = SomeReasons } };
        var others = new CrlForge { Scope = new ScopeForge { OnlySomeReasons = ReasonFlags.All & ~SomeReasons } };

        world.AssertUnknown(some);
        world.AssertUnknown(others);
        world.AssertPasses(some, others);
        world.AssertRevoked(some, others with { Entries = world.Listing().Entries });
        world.AssertRevoked(some with { Entries = world.Listing().Entries });
    }

    [Fact]
    public void An_older_crl_of_reasons_already_told_is_not_asked()
    {
        using var world = new RevocationWorld();
        var some = new CrlForge { Scope = new ScopeForge { OnlySomeReasons = SomeReasons } };
        var older = world.Listing() with { Scope = some.Scope, ThisUpdate = CrlForge.Now.AddHours(-2) };

        world.AssertUnknown(some, older);
        world.AssertRevoked(older);
    }

    [Fact]
    public void A_point_of_some_reasons_clears_those_only()
    {
        using var world = new RevocationWorld(
            RevocationWorld.PointAt(CrlUri) with { Reasons = SomeReasons },
            RevocationWorld.PointAt("http://ca.example/rest.crl") with { Reasons = ReasonFlags.All & ~SomeReasons });
        var first = new CrlForge { Scope = RevocationWorld.At(CrlUri) };
        var second = new CrlForge { Scope = RevocationWorld.At("http://ca.example/rest.crl") };

        world.AssertUnknown(first);
        world.AssertPasses(first, second);
        world.AssertRevoked(first, second with { Entries = world.Listing().Entries });

        // Both sides count: what the point leaves to the CRL, and the CRL to the point.
        world.AssertUnknown(first, second with { Scope = second.Scope! with { OnlySomeReasons = SomeReasons } });
    }

    [Fact]
    public void The_issuers_complete_crl_tells_what_the_points_leave_open()
    {
        using var world = new RevocationWorld(RevocationWorld.PointAt(CrlUri) with { Reasons = SomeReasons }, new PointForge { CrlIssuer = Indirect });

        world.AssertPasses(new CrlForge());
        world.AssertRevoked(world.Listing());
    }

    [Fact]
    public void An_indirect_crl_serves_where_the_certificate_names_its_issuer()
    {
        using var named = new RevocationWorld(new PointForge { CrlIssuer = Indirect });
        using var unnamed = new RevocationWorld();

        Assert.Null(CheckIndirect(named, new CrlForge()));
        X509Assert.Refused(X509RejectionReason.RevocationStatusUnavailable, CheckIndirect(unnamed, new CrlForge()));
    }

    [Fact]
    public void A_crl_of_the_named_issuer_has_to_say_that_it_is_indirect()
    {
        using var world = new RevocationWorld(new PointForge { CrlIssuer = Indirect });

        X509Assert.Refused(X509RejectionReason.RevocationStatusUnavailable, CheckIndirect(world, new CrlForge(), isIndirect: false));
    }

    [Fact]
    public void An_entry_of_an_indirect_crl_revokes_the_certificate_of_the_issuer_it_names()
    {
        using var world = new RevocationWorld(new PointForge { CrlIssuer = Indirect });

        X509Assert.Refused(X509RejectionReason.Revoked, CheckIndirect(world, world.Listing(CrlExt.CertificateIssuer("CN=CA"))));
        Assert.Null(CheckIndirect(world, world.Listing(CrlExt.CertificateIssuer("CN=Another CA"))));
        Assert.Null(CheckIndirect(world, world.Listing()));
    }

    [Fact]
    public void An_issuer_named_by_an_earlier_entry_counts()
    {
        using var world = new RevocationWorld(new PointForge { CrlIssuer = Indirect });
        var entries = new[] { new ForgedEntry(new byte[] { 1 }, CrlExt.CertificateIssuer("CN=CA")), new ForgedEntry(world.Leaf.Certificate.Serial) };

        X509Assert.Refused(X509RejectionReason.Revoked, CheckIndirect(world, new CrlForge { Entries = entries }));
    }

    [Fact]
    public void A_point_without_a_name_matches_by_its_crl_issuer()
    {
        using var world = new RevocationWorld(new PointForge { CrlIssuer = Indirect });

        Assert.Null(CheckIndirect(world, new CrlForge { Scope = new ScopeForge { Name = PointName.Directory(Indirect) } }));
        X509Assert.Refused(
            X509RejectionReason.RevocationStatusUnavailable,
            CheckIndirect(world, new CrlForge { Scope = RevocationWorld.At(CrlUri) }));
    }

    [Fact]
    public void A_name_relative_to_the_crl_issuer_is_completed_with_its_name()
    {
        using var world = new RevocationWorld(new PointForge { Name = PointName.Relative("Part 1"), CrlIssuer = Indirect });

        Assert.Null(CheckIndirect(world, new CrlForge { Scope = new ScopeForge { Name = PointName.Directory($"CN=Part 1, {Indirect}") } }));
        X509Assert.Refused(
            X509RejectionReason.RevocationStatusUnavailable,
            CheckIndirect(world, new CrlForge { Scope = new ScopeForge { Name = PointName.Directory("CN=Part 1, CN=CA") } }));
    }

    private static Rejection? CheckIndirect(RevocationWorld world, CrlForge crl, bool isIndirect = true)
    {
        var signer = world.Keep(world.Root.CrlSigner(Indirect));
        world.Trust.Others.Add(signer.Certificate);
        world.Trust.Proven.Add(signer.Certificate);
        var scope = (crl.Scope ?? new ScopeForge()) with { IsIndirect = isIndirect, OnlyUser = !isIndirect };
        return world.Check((crl with { Issuer = Indirect, Scope = scope }).Read(signer.Key));
    }
}
