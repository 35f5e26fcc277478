using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509.Internal;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class RevocationCheckTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly RevocationWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_certificate_that_a_crl_does_not_list_passes()
    {
        _world.AssertPasses(new CrlForge());
        Assert.Equal(0, _world.Trust.Searches);
    }

    [Fact]
    public void A_certificate_that_a_crl_lists_is_refused_and_told_about()
    {
        var rejection = X509Assert.Refused(X509RejectionReason.Revoked, _world.Check(_world.Listing(CrlExt.Reason(1))));

        Assert.Equal(RejectionKind.Unauthenticated, rejection.Kind);
        Assert.Equal("CN=Leaf", rejection.Presented);
        Assert.Equal(ForgedEntry.Date, rejection.At);
        Assert.Contains("KeyCompromise", rejection.Detail, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(_world.Leaf.Certificate.Serial.Span), rejection.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_on_hold_is_refused() => _world.AssertRevoked(_world.Listing(CrlExt.Reason(6)));

    [Fact]
    public void The_serial_number_of_another_certificate_does_not_matter() =>
        _world.AssertPasses(new CrlForge { Entries = [new ForgedEntry(_world.Ca.Certificate.Serial)] });

    [Fact]
    public void A_revoked_ca_is_refused_whatever_its_own_crl_says()
    {
        _world.RootCrl = RevocationWorld.Listing(_world.Ca);

        var rejection = X509Assert.Refused(X509RejectionReason.Revoked, _world.Check(new CrlForge()));
        Assert.Equal("CN=CA", rejection.Presented);
    }

    [Fact]
    public void The_anchor_is_not_asked_about()
    {
        _world.RootCrl = RevocationWorld.Listing(_world.Root);

        _world.AssertPasses(new CrlForge());
    }

    [Fact]
    public void A_path_that_is_its_anchor_alone_passes()
    {
        var until = DateTimeOffset.MaxValue;

        Assert.Null(new RevocationCheck(CrlSet.Empty, _world.Trust, RevocationMode.HardFail).Check([_world.Root.Certificate], ref until));
        Assert.Equal(DateTimeOffset.MaxValue, until);
    }

    [Fact]
    public void An_unknown_status_is_refused_as_unavailable_or_passes_softly()
    {
        var rejection = X509Assert.Refused(X509RejectionReason.RevocationStatusUnavailable, _world.Check(Array.Empty<CrlForge>()));
        Assert.Equal(RejectionKind.Unavailable, rejection.Kind);
        Assert.Contains("there is none of 'CN=CA'", rejection.Detail, StringComparison.Ordinal);

        _world.Mode = RevocationMode.SoftFail;
        _world.AssertPasses();
    }

    [Fact]
    public void A_revocation_is_refused_softly_too_and_not_where_nobody_asks()
    {
        _world.Mode = RevocationMode.SoftFail;
        _world.AssertRevoked(_world.Listing());

        _world.Mode = RevocationMode.None;
        _world.AssertPasses(_world.Listing());
    }

    [Fact]
    public void A_revoked_leaf_is_told_before_an_unknown_ca()
    {
        _world.RootCrl = new CrlForge { Issuer = "CN=Elsewhere" };

        _world.AssertRevoked(_world.Listing());
        _world.AssertUnknown(new CrlForge());
    }

    [Fact]
    public void An_ended_crl_serves_for_exactly_the_clock_skew()
    {
        var end = _world.Trust.Now - _world.Trust.ClockSkew;

        _world.AssertPasses(new CrlForge { NextUpdate = end });
        _world.AssertUnknown(new CrlForge { NextUpdate = end - Second });
    }

    [Fact]
    public void A_crl_of_the_future_serves_for_exactly_the_clock_skew()
    {
        var begin = _world.Trust.Now + _world.Trust.ClockSkew;

        _world.AssertPasses(new CrlForge { ThisUpdate = begin });
        _world.AssertUnknown(new CrlForge { ThisUpdate = begin + Second });
    }

    [Fact]
    public void The_answer_holds_until_the_first_crl_of_it_ends()
    {
        _world.AssertPasses(new CrlForge { NextUpdate = CrlForge.Now.AddMinutes(10) });
        Assert.Equal(CrlForge.Now.AddMinutes(10), _world.ValidUntil);

        _world.AssertPasses(new CrlForge { NextUpdate = CrlForge.Now.AddDays(9) });
        Assert.Equal(CrlForge.Now.AddHours(1), _world.ValidUntil);
    }

    [Fact]
    public void The_latest_crl_decides()
    {
        var older = CrlForge.Now.AddHours(-2);

        _world.AssertRevoked(_world.Listing(), new CrlForge { ThisUpdate = older });
        _world.AssertRevoked(new CrlForge { ThisUpdate = older }, _world.Listing());
        _world.AssertPasses(_world.Listing() with { ThisUpdate = older }, new CrlForge());
    }

    [Fact]
    public void A_crl_with_a_defect_neither_clears_nor_revokes()
    {
        _world.AssertUnknown(new CrlForge { Number = null });

        _world.Mode = RevocationMode.SoftFail;
        _world.AssertPasses(_world.Listing() with { Number = null });
    }

    [Fact]
    public void A_crl_with_a_defect_costs_no_signature()
    {
        _world.RootCrl = new CrlForge { Issuer = "CN=Root", Number = null };

        _world.AssertUnknown(new CrlForge { Number = null });
        Assert.Equal(0, _world.Trust.Verifications);
    }

    [Fact]
    public void A_forged_crl_is_not_used()
    {
        Assert.Null(_world.Check(new CrlForge().Read(_world.Ca.Key)));
        X509Assert.Refused(X509RejectionReason.RevocationStatusUnavailable, _world.Check(new CrlForge().Read(_world.Leaf.Key)));
    }

    [Fact]
    public void An_older_crl_serves_where_the_latest_is_forged() =>
        Assert.Null(_world.Check(_world.Listing().Read(_world.Leaf.Key), new CrlForge { ThisUpdate = CrlForge.Now.AddHours(-2) }.Read(_world.Ca.Key)));

    [Fact]
    public void The_crl_of_another_issuer_does_not_matter() => _world.AssertUnknown(new CrlForge { Issuer = "CN=Root" }, new CrlForge { Issuer = "CN=Another CA" });

    [Theory]
    [InlineData(null, true)]
    [InlineData(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true)]
    [InlineData(X509KeyUsageFlags.KeyCertSign, false)]
    public void The_issuers_key_usage_has_to_allow_crls_where_it_is_there(X509KeyUsageFlags? usage, bool isAccepted)
    {
        _world.Ca = _world.Keep(_world.Root.Ca("CN=CA", usage));
        _world.Leaf = _world.Keep(_world.Ca.Leaf("CN=Leaf"));

        Assert.Equal(isAccepted, _world.Check(new CrlForge()) is null);
    }

    [Fact]
    public void A_separate_crl_key_serves_with_a_path_only()
    {
        var signer = AddOther(_world.Root.CrlSigner("CN=CA"));
        var crl = new CrlForge().Read(signer.Key);

        X509Assert.Refused(X509RejectionReason.RevocationStatusUnavailable, _world.Check(crl));

        _world.Trust.Proven.Add(signer.Certificate);
        Assert.Null(_world.Check(crl));
        X509Assert.Refused(X509RejectionReason.Revoked, _world.Check(_world.Listing().Read(signer.Key)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(X509KeyUsageFlags.DigitalSignature)]
    public void A_separate_crl_key_needs_a_key_usage_for_crls(X509KeyUsageFlags? usage)
    {
        var signer = AddOther(_world.Root.CrlSigner("CN=CA", usage));
        _world.Trust.Proven.Add(signer.Certificate);

        X509Assert.Refused(X509RejectionReason.RevocationStatusUnavailable, _world.Check(new CrlForge().Read(signer.Key)));
    }

    [Fact]
    public void A_separate_crl_key_of_another_name_is_not_asked()
    {
        var signer = AddOther(_world.Root.CrlSigner("CN=Another CA"));
        _world.Trust.Proven.Add(signer.Certificate);

        X509Assert.Refused(X509RejectionReason.RevocationStatusUnavailable, _world.Check(new CrlForge().Read(signer.Key)));
        Assert.Equal(0, _world.Trust.Searches);
    }

    [Fact]
    public void A_path_is_searched_for_a_proven_signature_only()
    {
        var signer = AddOther(_world.Root.CrlSigner("CN=CA"));
        _world.Trust.Proven.Add(signer.Certificate);

        X509Assert.Refused(X509RejectionReason.RevocationStatusUnavailable, _world.Check(new CrlForge().Read(_world.Leaf.Key)));
        Assert.Equal(0, _world.Trust.Searches);
    }

    [Fact]
    public void The_certificate_with_the_key_identifier_of_the_crl_is_tried_first()
    {
        KeyHolder[] signers = [.. Enumerable.Range(0, 4).Select(_ => AddOther(_world.Root.CrlSigner("CN=CA")))];
        _world.Trust.Proven.AddRange(signers.Select(signer => signer.Certificate));
        var last = signers[^1];
        var keyId = last.Certificate.Extensions.SubjectKeyIdentifier!.KeyId.ToArray();

        Assert.Null(_world.Check(new CrlForge { KeyId = keyId }.Read(last.Key)));

        // One for the root's CRL, one for the CA's own key, one for the right one.
        Assert.Equal(3, _world.Trust.Verifications);
    }

    [Fact]
    public void An_exhausted_budget_refuses_in_every_mode_but_not_before_a_revocation()
    {
        _world.Trust.Exhausted = "MaxSignatures";
        _world.Mode = RevocationMode.SoftFail;

        X509Assert.Refused(X509RejectionReason.BudgetExceeded, _world.Check(new CrlForge()));
        _world.RootCrl = RevocationWorld.Listing(_world.Ca);
        _world.AssertRevoked(new CrlForge());
    }

    private KeyHolder AddOther(KeyHolder other)
    {
        _world.Trust.Others.Add(_world.Keep(other).Certificate);
        return other;
    }
}
