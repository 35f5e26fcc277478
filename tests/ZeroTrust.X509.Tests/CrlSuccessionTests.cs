using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

/// <summary>Several CRLs of one issuer in one set, as a file has them to which new ones are added.</summary>
public sealed class CrlSuccessionTests : IDisposable
{
    private const int Hold = 6;
    private const int Remove = 8;

    private readonly RevocationWorld _world = new();

    private CrlForge Clear { get; } = new();

    private CrlForge Revoking => _world.Listing();

    private CrlForge Earlier => Revoking with { ThisUpdate = CrlForge.Now.AddHours(-3) };

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Of_two_of_one_moment_the_higher_number_decides()
    {
        InAnyOrder(_world.AssertRevoked, Clear with { Number = 1001 }, Revoking with { Number = 1002 });
        InAnyOrder(_world.AssertPasses, Revoking with { Number = 1001 }, Clear with { Number = 1002 });
    }

    [Fact]
    public void Of_two_whose_number_and_time_contradict_each_other_either_revokes()
    {
        InAnyOrder(_world.AssertRevoked, Clear with { Number = 3001 }, Earlier with { Number = 3002 });
        InAnyOrder(_world.AssertRevoked, Clear with { Number = 3002, ThisUpdate = Earlier.ThisUpdate }, Revoking with { Number = 3001 });
        InAnyOrder(_world.AssertPasses, Clear with { Number = 3001 }, Clear with { Number = 3002, ThisUpdate = Earlier.ThisUpdate });
    }

    [Fact]
    public void Of_two_of_one_number_and_moment_either_revokes() => InAnyOrder(_world.AssertRevoked, Clear, Revoking);

    [Fact]
    public void Of_two_that_name_their_key_differently_either_revokes()
    {
        InAnyOrder(_world.AssertRevoked, Clear, Earlier with { KeyId = null });
        InAnyOrder(_world.AssertRevoked, Clear with { KeyId = null }, Earlier with { Number = 6 });
        InAnyOrder(_world.AssertPasses, Clear with { KeyId = null }, Clear with { Number = 6 });
    }

    [Fact]
    public void Of_two_of_different_points_either_revokes()
    {
        var scope = new ScopeForge { OnlyUser = true };

        InAnyOrder(_world.AssertRevoked, Clear, Earlier with { Scope = scope });
        InAnyOrder(_world.AssertRevoked, Clear with { Scope = scope }, Earlier);
        InAnyOrder(_world.AssertPasses, Clear, Clear with { Scope = scope });
    }

    [Fact]
    public void Of_two_keys_of_one_issuer_either_revokes()
    {
        using var renewed = _world.Root.CrlSigner("CN=CA");
        _world.Trust.Others.Add(renewed.Certificate);
        _world.Trust.Proven.Add(renewed.Certificate);

        X509Assert.Refused(
            X509RejectionReason.Revoked, _world.Check((Clear with { KeyId = [9], ThisUpdate = CrlForge.Now }).Read(renewed.Key), Revoking.Read(_world.Ca.Key)));
        Assert.Null(_world.Check((Clear with { KeyId = [9], ThisUpdate = CrlForge.Now }).Read(renewed.Key), Clear.Read(_world.Ca.Key)));
    }

    [Fact]
    public void A_later_one_takes_the_place_once_it_can_be_used()
    {
        var revoking = Revoking.Read(_world.Ca.Key);
        var later = Clear with { Number = 8 };

        Assert.Null(_world.Check(revoking, later.Read(_world.Ca.Key)));
        StillRevoked(later.Read(_world.Leaf.Key));
        StillRevoked((later with { ThisUpdate = CrlForge.Now.AddHours(1) }).Read(_world.Ca.Key));
        StillRevoked((later with { NextUpdate = CrlForge.Now.AddMinutes(-2) }).Read(_world.Ca.Key));
        StillRevoked((later with { IsNumberCritical = true }).Read(_world.Ca.Key));

        void StillRevoked(CertificateRevocationList unusable) =>
            X509Assert.Refused(X509RejectionReason.Revoked, _world.Check(revoking, unusable));
    }

    [Fact]
    public void An_overdue_one_shows_what_it_revokes_and_not_what_it_does_not()
    {
        var overdue = CrlForge.Now.AddMinutes(-2);

        _world.AssertRevoked(Revoking with { NextUpdate = overdue });
        _world.AssertUnknown(Clear with { NextUpdate = overdue });
        InAnyOrder(_world.AssertRevoked, Clear, Revoking with { Number = 8, NextUpdate = overdue });
        InAnyOrder(_world.AssertPasses, Revoking with { NextUpdate = overdue }, Clear with { Number = 8 });
        _world.Mode = RevocationMode.SoftFail;
        _world.AssertRevoked(Revoking with { NextUpdate = overdue });
    }

    [Fact]
    public void Of_two_delta_crls_the_higher_number_decides()
    {
        var (revoking, clear) = (Revoking with { BaseNumber = 7 }, Clear with { BaseNumber = 7 });
        var held = _world.Listing(CrlExt.Reason(Hold));
        var lifted = _world.Listing(CrlExt.Reason(Remove)) with { BaseNumber = 7 };

        InAnyOrder(_world.AssertRevoked, Clear, clear with { Number = 8 }, revoking with { Number = 9 });
        InAnyOrder(_world.AssertPasses, Clear, revoking with { Number = 8 }, clear with { Number = 9 });
        InAnyOrder(_world.AssertRevoked, Clear, clear with { Number = 8 }, revoking with { Number = 8 });
        InAnyOrder(_world.AssertRevoked, held, lifted with { Number = 8 }, revoking with { Number = 9 });
        InAnyOrder(_world.AssertPasses, held, revoking with { Number = 8 }, lifted with { Number = 9 });
    }

    [Fact]
    public void What_is_loaded_and_does_not_tell_is_explained()
    {
        Explained("it is a delta CRL, and no complete CRL that it brings up to date is there", Clear with { BaseNumber = 6 });
        Explained("it tells of some reasons only", Clear with { Scope = new ScopeForge { OnlySomeReasons = Internal.ReasonFlags.KeyCompromise } });
        Explained("it is for other certificates or distribution points", Clear with { Scope = new ScopeForge { OnlyCa = true } });
        Explained("its time has not come", Clear with { ThisUpdate = CrlForge.Now.AddHours(1), NextUpdate = CrlForge.Now.AddHours(2) });
        Explained("there is none of 'CN=CA', but of 'CN=Root'");

        void Explained(string why, params CrlForge[] crls) => Assert.Contains(why, _world.Check(crls)!.Detail, StringComparison.Ordinal);
    }

    private static void InAnyOrder(Action<CrlForge[]> assert, params CrlForge[] crls)
    {
        assert(crls);
        assert([.. crls.Reverse()]);
    }
}
