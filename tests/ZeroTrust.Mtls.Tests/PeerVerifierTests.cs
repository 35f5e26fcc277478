using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests;

public sealed class PeerVerifierTests : IDisposable
{
    private static readonly PeerRole[] BothRoles = [PeerRole.Client, PeerRole.Server];

    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_good_leaf_is_proved_with_all_its_facts()
    {
        using var leaf = _world.Intermediate.Issue(options =>
        {
            options.SpiffeId = World.Orders;
            options.DnsNames.Add("orders.internal");
            options.DnsNames.Add("orders");
        });

        var peer = Check.Accepted(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Server));

        Assert.Equal(PeerRole.Server, peer.Role);
        Assert.Equal(WorkloadId.Parse(World.Orders), peer.Workload);
        Assert.Equal(TrustDomain.Parse(World.Domain), peer.TrustDomain);
        Assert.Equal(["orders.internal", "orders"], peer.DnsNames);
        Assert.Equal([World.Orders], peer.UriNames);
        Assert.Equal(World.Start.AddHours(1), peer.NotAfter);
        Assert.Equal(World.Start.AddHours(1), peer.ValidUntil);
        Assert.Equal(leaf.Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), peer.LeafSha256, ignoreCase: true);
        Assert.True(peer.LeafDer.Span.SequenceEqual(leaf.Certificate.RawData));
        Assert.Same(_world.Verifier.Snapshot, peer.Snapshot);
    }

    [Fact]
    public void The_only_dns_name_names_the_workload_where_there_is_no_spiffe_id()
    {
        var peer = Check.Accepted(_world.Verify(options => options.DnsNames.Add("orders.internal")));

        Assert.Equal("orders.internal", peer.Workload?.DnsName);
    }

    [Fact]
    public void Two_dns_names_or_the_common_name_alone_name_no_workload()
    {
        Assert.Null(Check.Accepted(_world.Verify(options =>
        {
            options.DnsNames.Add("a.internal");
            options.DnsNames.Add("b.internal");
        })).Workload);
        Assert.Null(Check.Accepted(_world.Verify(options => options.CommonName = "orders.internal")).Workload);
    }

    [Theory]
    [InlineData(3605, true)]
    [InlineData(3606, false)]
    public void Expiry_allows_exactly_the_clock_skew(int seconds, bool accepted)
    {
        using var leaf = _world.Intermediate.Issue(World.Orders);
        _world.Clock.Advance(TimeSpan.FromSeconds(seconds));

        Expect(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client), accepted, X509RejectionReason.Expired);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void A_beginning_in_the_future_allows_exactly_the_clock_skew(int seconds, bool accepted) =>
        Expect(
            _world.Verify(options =>
            {
                options.SpiffeId = World.Orders;
                options.NotBefore = World.Start.AddSeconds(seconds);
            }),
            accepted,
            X509RejectionReason.NotYetValid);

    [Fact]
    public void An_expired_intermediate_is_refused_and_bounds_the_proof_before()
    {
        using var issuer = _world.Root.CreateIntermediate(options => options.NotAfter = World.Start.AddMinutes(10));
        using var leaf = issuer.Issue(World.Orders);

        var peer = Check.Accepted(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client));
        Assert.Equal(World.Start.AddMinutes(10), peer.ValidUntil);

        _world.Clock.Advance(TimeSpan.FromMinutes(11));
        Check.Refused(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client), X509RejectionReason.Expired);
    }

    [Fact]
    public void An_unknown_authority_is_refused()
    {
        using var stranger = TestCertificateAuthority.Create("stranger", _world.Time);
        using var leaf = stranger.Issue(World.Orders);

        Check.Refused(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client), X509RejectionReason.UntrustedAnchor);
    }

    [Fact]
    public void An_unknown_authority_is_refused_even_under_the_name_of_a_known_one()
    {
        using var stranger = TestCertificateAuthority.Create("root", _world.Time);
        using var leaf = stranger.Issue(World.Orders);

        Check.Refused(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client), X509RejectionReason.SignatureInvalid);
    }

    [Fact]
    public void A_root_sent_by_the_peer_is_no_anchor()
    {
        using var stranger = TestCertificateAuthority.Create("root", _world.Time);
        using var leaf = stranger.Issue(World.Orders);
        var certificates = PeerCertificates.Create(leaf.Certificate.RawDataMemory, [stranger.Certificate.RawDataMemory]).GetOrThrow();

        Check.Refused(_world.Verifier.Verify(certificates, PeerRole.Client), X509RejectionReason.SignatureInvalid);
    }

    [Fact]
    public void A_leaf_without_its_intermediate_is_refused()
    {
        using var leaf = _world.Intermediate.Issue(World.Orders);

        Check.Accepted(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client));
        Check.Refused(
            _world.Verifier.Verify(PeerCertificates.Create(leaf.Certificate.RawDataMemory).GetOrThrow(), PeerRole.Client),
            X509RejectionReason.UntrustedAnchor);
    }

    [Fact]
    public void A_changed_byte_of_the_signature_is_refused()
    {
        using var leaf = _world.Intermediate.Issue(World.Orders);
        var der = leaf.Certificate.RawData;
        der[^1] ^= 1;

        Check.Refused(
            _world.Verifier.Verify(PeerCertificates.Create(der, leaf.IntermediatesDer).GetOrThrow(), PeerRole.Client),
            X509RejectionReason.SignatureInvalid);
    }

    [Fact]
    public void Intermediates_may_come_in_any_order_and_beside_others_of_no_use()
    {
        using var upper = _world.Root.CreateIntermediate("upper");
        using var lower = upper.CreateIntermediate("lower");
        using var leaf = lower.Issue(World.Orders);
        ReadOnlyMemory<byte>[] sent =
        [
            _world.Intermediate.Certificate.RawDataMemory, upper.Certificate.RawDataMemory, _world.Root.Certificate.RawDataMemory, lower.Certificate.RawDataMemory,
        ];

        foreach (var intermediates in new[] { sent, [.. sent.Reverse()] })
        {
            var certificates = PeerCertificates.Create(leaf.Certificate.RawDataMemory, intermediates).GetOrThrow();
            Check.Accepted(_world.Verifier.Verify(certificates, PeerRole.Client));
        }

        Check.Refused(
            _world.Verifier.Verify(PeerCertificates.Create(leaf.Certificate.RawDataMemory, sent[..3]).GetOrThrow(), PeerRole.Client),
            X509RejectionReason.UntrustedAnchor);
    }

    [Fact]
    public void An_intermediate_may_be_the_anchor_and_its_root_is_then_none()
    {
        _world.Bundles.Replace(new TrustBundleSet(new TrustBundle(TrustDomain.Parse(World.Domain), [_world.Intermediate.Certificate])));
        using var below = _world.Intermediate.Issue(World.Orders);
        using var beside = _world.Root.Issue(World.Orders);

        Check.Accepted(_world.Verifier.Verify(below.ToPeerCertificates(), PeerRole.Client));
        Check.Accepted(_world.Verifier.Verify(PeerCertificates.Create(below.Certificate.RawDataMemory).GetOrThrow(), PeerRole.Client));
        Check.Refused(_world.Verifier.Verify(beside.ToPeerCertificates(), PeerRole.Client), X509RejectionReason.UntrustedAnchor);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(0, false)]
    public void A_path_longer_than_its_authority_allows_is_refused(int pathLength, bool accepted)
    {
        using var upper = _world.Root.CreateIntermediate(options =>
        {
            options.CommonName = "upper";
            options.PathLength = pathLength;
        });
        using var lower = upper.CreateIntermediate("lower");
        using var leaf = lower.Issue(World.Orders);

        Expect(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client), accepted, X509RejectionReason.PathTooLong);
    }

    [Theory]
    [InlineData(PeerRole.Client, true, false, true)]
    [InlineData(PeerRole.Client, false, true, false)]
    [InlineData(PeerRole.Client, false, false, false)]
    [InlineData(PeerRole.Server, false, true, true)]
    [InlineData(PeerRole.Server, true, false, false)]
    [InlineData(PeerRole.Server, false, false, false)]
    public void The_extended_key_usage_of_a_dns_name_has_to_hold_the_role(PeerRole role, bool clientAuth, bool serverAuth, bool accepted) =>
        Expect(
            _world.Verify(
                options =>
                {
                    options.DnsNames.Add("orders.internal");
                    options.ClientAuth = clientAuth;
                    options.ServerAuth = serverAuth;
                },
                role),
            accepted,
            X509RejectionReason.ExtendedKeyUsageMissing);

    [Theory]
    [InlineData(PeerRole.Client)]
    [InlineData(PeerRole.Server)]
    public void The_extended_key_usage_of_a_spiffe_id_has_to_hold_both_roles(PeerRole role)
    {
        Check.Accepted(Verify(clientAuth: true, serverAuth: true));
        Check.Refused(Verify(role == PeerRole.Client, role == PeerRole.Server), MtlsRejectionReason.ExtendedKeyUsageIncomplete);
        Check.Refused(Verify(role == PeerRole.Server, role == PeerRole.Client), X509RejectionReason.ExtendedKeyUsageMissing);
        Check.Refused(Verify(clientAuth: false, serverAuth: false), X509RejectionReason.ExtendedKeyUsageMissing);

        Verdict<VerifiedPeer> Verify(bool clientAuth, bool serverAuth) => _world.Verify(
            options => (options.SpiffeId, options.ClientAuth, options.ServerAuth) = (World.Orders, clientAuth, serverAuth), role);
    }

    [Fact]
    public void A_role_has_to_be_given() =>
        Check.Refused(_world.Verify(options => options.SpiffeId = World.Orders, PeerRole.Unspecified), MtlsRejectionReason.VerificationFailed);

    [Theory]
    [InlineData(PeerRole.Client)]
    [InlineData(PeerRole.Server)]
    public void A_ca_certificate_is_no_leaf(PeerRole role)
    {
        Check.Accepted(_world.Verify(options => (options.SpiffeId, options.IsCa) = (World.Orders, false), role));
        Check.Refused(_world.Verify(options => (options.SpiffeId, options.IsCa) = (World.Orders, true), role), X509RejectionReason.LeafIsCa);
    }

    [Theory]
    [InlineData(X509KeyUsageFlags.DigitalSignature, true, true)]
    [InlineData(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true, true)]
    [InlineData(X509KeyUsageFlags.DigitalSignature, false, false)]
    [InlineData(X509KeyUsageFlags.KeyEncipherment, true, false)]
    [InlineData(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, true, false)]
    [InlineData(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.CrlSign, true, false)]
    [InlineData(null, true, false)]
    public void The_key_usage_of_a_leaf_is_to_sign_and_no_more(X509KeyUsageFlags? usage, bool critical, bool accepted)
    {
        foreach (var role in BothRoles)
        {
            Expect(
                _world.Verify(options => (options.SpiffeId, options.KeyUsage, options.KeyUsageCritical) = (World.Orders, usage, critical), role),
                accepted,
                MtlsRejectionReason.KeyUsageInvalid);
        }
    }

    [Theory]
    [InlineData(TestKeyAlgorithm.EcdsaP256, true)]
    [InlineData(TestKeyAlgorithm.EcdsaP384, true)]
    [InlineData(TestKeyAlgorithm.Rsa2048, true)]
    [InlineData(TestKeyAlgorithm.Rsa1024, false)]
    public void Weak_keys_are_refused_in_the_leaf_and_above_it(TestKeyAlgorithm algorithm, bool accepted)
    {
        Expect(
            _world.Verify(options =>
            {
                options.SpiffeId = World.Orders;
                options.Key = algorithm;
            }),
            accepted,
            X509RejectionReason.KeyRefused);

        using var issuer = _world.Root.CreateIntermediate(options => options.Key = algorithm);
        using var leaf = issuer.Issue(World.Orders);
        Expect(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client), accepted, X509RejectionReason.KeyRefused);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_signature_over_sha1_is_refused(bool weak) =>
        Expect(
            _world.Verify(options =>
            {
                options.SpiffeId = World.Orders;
                options.WeakSignature = weak;
            }),
            !weak,
            X509RejectionReason.SignatureAlgorithmRefused);

    [Theory]
    [InlineData(24 * 60 + 1, true)]
    [InlineData(24 * 60 + 2, false)]
    public void A_leaf_may_live_as_long_as_its_trust_domain_allows_and_a_minute(int minutes, bool accepted) =>
        Expect(
            _world.Verify(options =>
            {
                options.SpiffeId = World.Orders;
                options.NotBefore = World.Start.AddMinutes(-1);
                options.NotAfter = World.Start.AddMinutes(minutes);
            }),
            accepted,
            MtlsRejectionReason.LifetimeTooLong);

    [Theory]
    [InlineData("spiffe://example.test/billing")]
    [InlineData("https://example.test/orders")]
    [InlineData("SPIFFE://example.test/billing")]
    public void A_second_uri_name_beside_a_spiffe_id_is_refused(string second)
    {
        foreach (var role in BothRoles)
        {
            Check.Accepted(_world.Verify(options => options.SpiffeId = World.Orders, role));
            Check.Refused(
                _world.Verify(
                    options =>
                    {
                        options.SpiffeId = World.Orders;
                        options.UriNames.Add(second);
                    },
                    role),
                MtlsRejectionReason.UriNameCount);
        }
    }

    [Theory]
    [InlineData("spiffe://example.test")]
    [InlineData("spiffe://example.test/")]
    [InlineData("spiffe://Example.test/orders")]
    [InlineData("SPIFFE://example.test/orders")]
    [InlineData("spiffe://example.test/orders/../billing")]
    [InlineData("spiffe://example.test/orders?x=1")]
    [InlineData("spiffe:orders")]
    public void A_malformed_spiffe_id_is_refused_even_beside_a_dns_name(string id)
    {
        foreach (var role in BothRoles)
        {
            Check.Refused(
                _world.Verify(
                    options =>
                    {
                        options.SpiffeId = id;
                        options.DnsNames.Add("orders.internal");
                    },
                    role),
                MtlsRejectionReason.SpiffeIdInvalid);
        }
    }

    [Fact]
    public void A_uri_name_that_is_no_spiffe_id_does_not_disturb_the_dns_name()
    {
        var peer = Check.Accepted(_world.Verify(options =>
        {
            options.UriNames.Add("https://example.test/orders");
            options.DnsNames.Add("orders.internal");
        }));

        Assert.Equal("dns:orders.internal", peer.Workload?.ToString());
    }

    [Fact]
    public void A_trust_domain_without_a_bundle_is_refused() =>
        Check.Refused(_world.Verify(options => options.SpiffeId = "spiffe://other.test/orders"), MtlsRejectionReason.TrustDomainUnknown);

    [Fact]
    public void An_authority_does_not_speak_for_another_trust_domain()
    {
        using var other = TestCertificateAuthority.Create("other", _world.Time);
        _world.Bundles.Replace(new TrustBundleSet(_world.Root.ToBundle(World.Domain), other.ToBundle("other.test")));
        using var good = other.Issue("spiffe://other.test/orders");
        using var bad = other.Issue(World.Orders);
        using var named = other.Issue(options => options.DnsNames.Add("orders.internal"));

        Check.Accepted(_world.Verifier.Verify(good.ToPeerCertificates(), PeerRole.Client));
        Check.Refused(_world.Verifier.Verify(bad.ToPeerCertificates(), PeerRole.Client), X509RejectionReason.UntrustedAnchor);
        Check.Refused(_world.Verifier.Verify(named.ToPeerCertificates(), PeerRole.Client), X509RejectionReason.UntrustedAnchor);
    }

    [Fact]
    public void A_repeated_extension_is_refused()
    {
        using var leaf = _world.Intermediate.Issue(options =>
        {
            options.SpiffeId = World.Orders;
            options.Extensions.Add(new X509Extension("1.2.3.4", [5, 0], critical: false));
            options.Extensions.Add(new X509Extension("1.2.3.5", [5, 0], critical: false));
        });
        Check.Accepted(_world.Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client));

        // No builder writes an extension twice, so the second one's identifier is changed in the bytes.
        var der = leaf.Certificate.RawData;
        der[der.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x06, 0x03, 0x2A, 0x03, 0x05]) + 4] = 0x04;

        Check.Refused(
            _world.Verifier.Verify(PeerCertificates.Create(der, leaf.IntermediatesDer).GetOrThrow(), PeerRole.Client), X509RejectionReason.Malformed);
    }

    [Theory]
    [InlineData("3000")]
    [InlineData("")]
    [InlineData("0400")]
    [InlineData("3001")]
    [InlineData("308000")]
    public void Bytes_that_are_no_certificate_are_refused(string hex)
    {
        using var leaf = _world.Root.Issue(World.Orders);
        var noise = Convert.FromHexString(hex);

        Check.Refused(_world.Verifier.Verify(PeerCertificates.Create(noise).GetOrThrow(), PeerRole.Client), X509RejectionReason.Malformed);
        Check.Refused(
            _world.Verifier.Verify(PeerCertificates.Create(leaf.Certificate.RawDataMemory, [noise]).GetOrThrow(), PeerRole.Client),
            X509RejectionReason.Malformed);
    }

    [Fact]
    public void The_place_of_bytes_that_are_no_certificate_is_told()
    {
        using var leaf = _world.Root.Issue(World.Orders);
        byte[] noise = [0x30, 0x00];
        var sent = leaf.Certificate.RawDataMemory;

        Assert.StartsWith("Certificate 1 of 1 as sent, the leaf: ", DetailOf(PeerCertificates.Create(noise).GetOrThrow()), StringComparison.Ordinal);
        Assert.StartsWith("Certificate 3 of 3 as sent: ", DetailOf(PeerCertificates.Create(sent, [_world.Root.Certificate.RawDataMemory, noise]).GetOrThrow()), StringComparison.Ordinal);

        string DetailOf(PeerCertificates certificates) =>
            Check.Refused(_world.Verifier.Verify(certificates, PeerRole.Client), X509RejectionReason.Malformed).Detail;
    }

    [Fact]
    public void What_the_platform_has_parsed_is_judged_as_its_bytes_are()
    {
        using var leaf = _world.Intermediate.Issue(World.Orders);
        using var other = _world.Intermediate.Issue(World.Billing);
        var certificates = leaf.ToPeerCertificates();

        var peer = Check.Accepted(((IPeerJudge)_world.Verifier).Verify(
            certificates, PeerRole.Client, [other.Certificate, _world.Intermediate.Certificate, leaf.Certificate]));

        Assert.Equal(World.Orders, peer.Workload?.ToString());
        Assert.Same(certificates, peer.Certificates);
    }

    [Fact]
    public void A_failure_of_the_verification_itself_is_a_refusal()
    {
        using var leaf = _world.Intermediate.Issue(World.Orders);
        var verifier = World.NewVerifier(new BrokenSource(), _world.Time);

        Check.Refused(verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client), MtlsRejectionReason.VerificationFailed);
    }

    [Fact]
    public void A_recheck_keeps_the_proof_while_nothing_moved()
    {
        var peer = Check.Accepted(_world.Verify(options => options.SpiffeId = World.Orders));

        Assert.Same(peer, Check.Accepted(_world.Verifier.Recheck(peer)));
    }

    [Fact]
    public void A_recheck_after_expiry_refuses()
    {
        var peer = Check.Accepted(_world.Verify(options => options.SpiffeId = World.Orders));
        _world.Clock.Advance(TimeSpan.FromSeconds(3606));

        Check.Refused(_world.Verifier.Recheck(peer), X509RejectionReason.Expired);
    }

    [Fact]
    public void A_recheck_after_a_rotation_that_keeps_the_anchor_gives_a_newer_proof()
    {
        var peer = Check.Accepted(_world.Verify(options => options.SpiffeId = World.Orders));
        using var next = TestCertificateAuthority.Create("next", _world.Time);
        _world.Bundles.Replace(new TrustBundleSet(new TrustBundle(
            TrustDomain.Parse(World.Domain), [_world.Root.Certificate, next.Certificate])));

        var renewed = Check.Accepted(_world.Verifier.Recheck(peer));

        Assert.NotSame(peer, renewed);
        Assert.Equal(peer.Snapshot.Epoch + 1, renewed.Snapshot.Epoch);
        Assert.Equal(peer.Workload, renewed.Workload);
    }

    [Fact]
    public void A_recheck_after_the_anchor_was_withdrawn_refuses()
    {
        var peer = Check.Accepted(_world.Verify(options => options.SpiffeId = World.Orders));
        using var next = TestCertificateAuthority.Create("next", _world.Time);
        _world.Bundles.Replace(new TrustBundleSet(next.ToBundle(World.Domain)));

        Check.Refused(_world.Verifier.Recheck(peer), X509RejectionReason.UntrustedAnchor);
    }

    private static void Expect(Verdict<VerifiedPeer> verdict, bool accepted, MtlsRejectionReason otherwise) =>
        _ = accepted ? Check.Accepted(verdict) as object : Check.Refused(verdict, otherwise);

    private static void Expect(Verdict<VerifiedPeer> verdict, bool accepted, X509RejectionReason otherwise) =>
        _ = accepted ? Check.Accepted(verdict) as object : Check.Refused(verdict, otherwise);

    private sealed class BrokenSource : ITrustBundleSource
    {
        public TrustBundleSet GetBundles() => throw new InvalidOperationException("broken");

        public Microsoft.Extensions.Primitives.IChangeToken GetReloadToken() => throw new InvalidOperationException("broken");
    }
}
