using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class CrlDeltaTests : IDisposable
{
    private const int Hold = 6;
    private const int Remove = 8;

    private readonly RevocationWorld _world = new();

    /// <summary>A complete CRL of the number 7, which the delta CRL takes to 8.</summary>
    private CrlForge Clear { get; } = new();

    private CrlForge Delta => _world.Listing() with { Number = 8, BaseNumber = 7 };

    private CrlForge Ended => Clear with { NextUpdate = CrlForge.Now.AddHours(-2), ThisUpdate = CrlForge.Now.AddHours(-3) };

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_delta_crl_revokes_what_the_complete_one_does_not_list() => _world.AssertRevoked(Clear, Delta);

    [Fact]
    public void A_delta_crl_takes_back_what_the_complete_one_lists()
    {
        var held = _world.Listing(CrlExt.Reason(Hold));

        _world.AssertRevoked(held);
        _world.AssertRevoked(held, Delta with { Entries = [] });
        _world.AssertPasses(held, Delta with { Entries = _world.Listing(CrlExt.Reason(Remove)).Entries });
    }

    [Fact]
    public void A_delta_crl_alone_tells_nothing()
    {
        _world.AssertUnknown(Delta with { Entries = [] });
        _world.AssertUnknown(Delta);
    }

    [Theory]
    [InlineData(6, 8, true)]
    [InlineData(7, 8, true)]
    [InlineData(8, 9, false)]
    [InlineData(6, 7, false)]
    [InlineData(1, 300, true)]
    [InlineData(128, 300, false)]
    public void A_delta_crl_begins_at_the_complete_one_or_before_and_ends_behind_it(long from, long to, bool isUsed)
    {
        var rejection = _world.Check(Clear, Delta with { BaseNumber = from, Number = to });

        Assert.Equal(isUsed, rejection is not null);
    }

    [Fact]
    public void Numbers_compare_by_value_not_by_octets()
    {
        _world.AssertRevoked(Clear with { Number = 127 }, Delta with { BaseNumber = 127, Number = 128 });
        _world.AssertRevoked(Clear with { Number = 255 }, Delta with { BaseNumber = 128, Number = 256 });
        _world.AssertPasses(Clear with { Number = 256 }, Delta with { BaseNumber = 128, Number = 255 });
    }

    [Fact]
    public void A_delta_crl_has_the_scope_of_the_complete_one()
    {
        var users = new ScopeForge { OnlyUser = true };

        _world.AssertRevoked(Clear with { Scope = users }, Delta with { Scope = users });
        _world.AssertPasses(Clear with { Scope = users }, Delta);
        _world.AssertPasses(Clear, Delta with { Scope = users });
        _world.AssertPasses(Clear with { Scope = users }, Delta with { Scope = users with { IsIndirect = true } });
    }

    [Fact]
    public void A_delta_crl_has_the_key_identifier_of_the_complete_one() => _world.AssertPasses(Clear, Delta with { KeyId = [9] });

    [Fact]
    public void A_delta_crl_has_the_issuer_of_the_complete_one() => _world.AssertPasses(Clear, Delta with { Issuer = "CN=Another CA" });

    [Fact]
    public void A_delta_crl_is_signed_with_the_key_of_the_complete_one()
    {
        using var other = _world.Root.CrlSigner("CN=CA");
        _world.Trust.Others.Add(other.Certificate);
        _world.Trust.Proven.Add(other.Certificate);

        Assert.Null(_world.Check(Clear.Read(_world.Ca.Key), Delta.Read(other.Key)));
    }

    [Fact]
    public void An_ended_delta_crl_is_passed_over()
    {
        var end = _world.Trust.Now - _world.Trust.ClockSkew;

        _world.AssertRevoked(Clear, Delta with { NextUpdate = end });
        _world.AssertPasses(Clear, Delta with { NextUpdate = end.AddSeconds(-1) });
    }

    [Fact]
    public void A_delta_crl_of_the_future_or_with_a_defect_is_passed_over()
    {
        _world.AssertPasses(Clear, Delta with { ThisUpdate = CrlForge.Now.AddHours(1) });
        _world.AssertPasses(Clear, Delta with { IsBaseCritical = false });
    }

    [Fact]
    public void The_latest_delta_crl_decides()
    {
        var older = Delta with { ThisUpdate = CrlForge.Now.AddHours(-2) };

        _world.AssertPasses(Clear, older, Delta with { Number = 9, Entries = [] });
        _world.AssertRevoked(Clear, Delta with { Number = 9 }, older with { Entries = [] });
    }

    [Fact]
    public void A_current_delta_crl_keeps_an_ended_complete_one_alive()
    {
        _world.AssertUnknown(Ended);
        _world.AssertPasses(Ended, Delta with { Entries = [] });
        _world.AssertRevoked(Ended, Delta);
        _world.AssertRevoked(Ended with { Entries = _world.Listing().Entries }, Delta with { Entries = [] });
    }

    [Fact]
    public void An_ended_complete_crl_does_not_live_by_a_delta_crl_that_is_not_for_it()
    {
        _world.AssertUnknown(Ended, Delta with { BaseNumber = 8, Number = 9 });
        _world.AssertUnknown(Ended, Delta with { NextUpdate = CrlForge.Now.AddHours(-2) });
        X509Assert.Refused(X509RejectionReason.RevocationStatusUnavailable, _world.Check(Ended.Read(_world.Ca.Key), Delta.Read(_world.Leaf.Key)));
    }

    [Fact]
    public void The_answer_holds_until_the_delta_crl_ends()
    {
        var soon = CrlForge.Now.AddMinutes(5);

        _world.AssertPasses(Clear, Delta with { Entries = [], NextUpdate = soon });
        Assert.Equal(soon, _world.ValidUntil);
        _world.AssertPasses(Ended, Delta with { Entries = [], NextUpdate = soon });
        Assert.Equal(soon, _world.ValidUntil);
    }
}
