using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests;

/// <summary>Both ends of real handshakes over loopback.</summary>
public sealed class PeerHandshakeTests : IDisposable
{
    private static readonly PeerAllowList Listed = new(WorkloadId.Parse(World.Orders));

    private readonly World _world = new(TimeProvider.System);
    private readonly TestCertificate _orders;
    private readonly TestCertificate _billing;

    public PeerHandshakeTests()
    {
        _orders = _world.Intermediate.Issue(World.Orders);
        _billing = _world.Intermediate.Issue(World.Billing);
    }

    public void Dispose()
    {
        _billing.Dispose();
        _orders.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Both_ends_prove_each_other_in_three_tiers()
    {
        var server = _world.Tls(_billing).AcceptClient(Listed);
        var client = _world.Tls(_orders).ConnectTo(WorkloadId.Parse(World.Billing));
        await using var pair = await Loopback.HandshakeAsync(server.CreateOptions(), client.CreateOptions("localhost", []));

        Assert.Null(pair.ServerFailure);
        Assert.Null(pair.ClientFailure);
        Assert.Equal(World.Orders, Check.Accepted(server.Complete(pair.Server)).Workload?.ToString());
        Assert.Equal(World.Billing, Check.Accepted(client.Complete(pair.Client)).Workload?.ToString());
        Assert.Single(server.Presented!.IntermediatesDer);
        Assert.Equal("Tls13", pair.Server.SslProtocol.ToString());
    }

    [Fact]
    public async Task A_client_without_a_certificate_is_refused()
    {
        var rejection = await RefuseAsync(_ => { });

        Assert.Equal("mtls.certificate_missing", rejection.Code);
    }

    [Fact]
    public async Task A_client_that_is_not_listed_is_refused()
    {
        var rejection = await RefuseAsync(options => options.ClientCertificateContext = _billing.ToCredential().CertificateContext);

        Assert.Equal("mtls.peer_not_listed", rejection.Code);
    }

    [Fact]
    public async Task A_client_with_a_server_certificate_is_refused()
    {
        using var leaf = _world.Intermediate.Issue(options =>
        {
            options.SpiffeId = World.Orders;
            options.ClientAuth = false;
        });

        // The platform would not offer such a certificate by itself; an attacker's does.
        var rejection = await RefuseAsync(options => options.ClientCertificateContext = leaf.ToCredential().CertificateContext);

        Assert.Equal("x509.extended_key_usage_missing", rejection.Code);
    }

    [Fact]
    public async Task A_client_of_an_unknown_authority_is_refused()
    {
        using var stranger = TestCertificateAuthority.Create("stranger");
        using var leaf = stranger.Issue(World.Orders);

        var rejection = await RefuseAsync(options => options.ClientCertificateContext = leaf.ToCredential().CertificateContext);

        Assert.Equal("x509.untrusted_anchor", rejection.Code);
    }

    [Fact]
    public async Task A_server_that_is_not_the_bound_one_is_refused_before_anything_is_sent()
    {
        var server = _world.Tls(_billing).AcceptClient(Listed);
        var client = _world.Tls(_orders).ConnectTo(WorkloadId.Parse("spiffe://example.test/other"));
        await using var pair = await Loopback.HandshakeAsync(server.CreateOptions(), client.CreateOptions("localhost", []));

        Assert.IsType<AuthenticationException>(pair.ClientFailure);
        var rejection = Check.Refused(client.Verdict, MtlsRejectionReason.ServerIdentityMismatch);
        Assert.Equal("spiffe://example.test/other", rejection.Expected);
        Assert.Equal(World.Billing, rejection.Presented);
    }

    [Fact]
    public async Task An_older_tls_is_not_spoken()
    {
        var server = _world.Tls(_billing).AcceptClient(Listed);
        var options = _world.Tls(_orders).ConnectTo(WorkloadId.Parse(World.Billing)).CreateOptions("localhost", []);
#pragma warning disable CA5398 // the older version is what has to fail
        options.EnabledSslProtocols = SslProtocols.Tls12;
#pragma warning restore CA5398
        await using var pair = await Loopback.HandshakeAsync(server.CreateOptions(), options);

        Assert.NotNull(pair.ServerFailure);
        Assert.Same(Rejection.NotEvaluated, server.Verdict.Rejection);
    }

    [Fact]
    public async Task A_session_is_not_resumed()
    {
        var tls = _world.Tls(_billing);
        var clientTls = _world.Tls(_orders);
        for (var i = 0; i < 2; i++)
        {
            var server = tls.AcceptClient(Listed);
            var client = clientTls.ConnectTo(WorkloadId.Parse(World.Billing));
            await using var pair = await Loopback.HandshakeAsync(server.CreateOptions(), client.CreateOptions("localhost", []));

            // A resumed session would come without the intermediates, and fail.
            Check.Accepted(server.Complete(pair.Server));
            Assert.Single(server.Presented!.IntermediatesDer);
        }
    }

    [Fact]
    public async Task The_guard_refuses_a_connection_whose_trust_moved_during_the_handshake()
    {
        var server = _world.Tls(_billing).AcceptClient(Listed);
        var client = _world.Tls(_orders).ConnectTo(WorkloadId.Parse(World.Billing));
        await using var pair = await Loopback.HandshakeAsync(server.CreateOptions(), client.CreateOptions("localhost", []));
        Check.Accepted(server.Verdict);

        using var next = TestCertificateAuthority.Create("stranger");
        _world.Bundles.Replace(new TrustBundleSet(next.ToBundle(World.Domain)));

        Check.Refused(server.Complete(pair.Server), X509RejectionReason.UntrustedAnchor);
    }

    [Fact]
    public async Task The_guard_refuses_a_stream_with_another_certificate_than_the_verified_one()
    {
        var server = _world.Tls(_billing).AcceptClient(Listed);
        var client = _world.Tls(_orders).ConnectTo(WorkloadId.Parse(World.Billing));
        await using var pair = await Loopback.HandshakeAsync(server.CreateOptions(), client.CreateOptions("localhost", []));

        Check.Refused(server.Complete(pair.Client), MtlsRejectionReason.HandshakeInvalid);
    }

    [Fact]
    public async Task The_guard_decides_by_itself_when_the_callback_was_skipped()
    {
        using var direct = _world.Root.Issue(World.Orders);
        var silent = _world.Tls(_billing).AcceptClient(Listed);
        var options = silent.CreateOptions();
#pragma warning disable CA5359 // a platform that skips the callback is what is played
        options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        var client = _world.Tls(direct).ConnectTo(WorkloadId.Parse(World.Billing));
        await using var pair = await Loopback.HandshakeAsync(options, client.CreateOptions("localhost", []));

        Check.Accepted(silent.Complete(pair.Server));
        Check.Refused(_world.Tls(_billing).AcceptClient(new PeerAllowList(WorkloadId.Parse(World.Billing))).Complete(pair.Server), MtlsRejectionReason.PeerNotListed);
    }

    [Fact]
    public async Task The_refusal_is_told_once_with_what_was_presented()
    {
        var told = new List<(Rejection Rejection, PeerCertificates? Presented)>();
        var server = _world.Tls(_billing).AcceptClient(new PeerAllowList(WorkloadId.Parse(World.Billing)), refused: (rejection, presented) => told.Add((rejection, presented)));
        var client = _world.Tls(_orders).ConnectTo(WorkloadId.Parse(World.Billing));
        await using var pair = await Loopback.HandshakeAsync(server.CreateOptions(), client.CreateOptions("localhost", []));
        server.Complete(pair.Server);

        var (refusal, certificates) = Assert.Single(told);
        Assert.Equal("mtls.peer_not_listed", refusal.Code);
        Assert.True(certificates!.LeafDer.Span.SequenceEqual(_orders.Certificate.RawData));
    }

    [Fact]
    public async Task Neither_end_fetches_a_url_from_an_unproved_certificate()
    {
        await using var trap = new Trap();
        using var authority = TestCertificateAuthority.Create("stranger");
        using var hidden = authority.CreateIntermediate("hidden");
        using var leaf = hidden.Issue(options =>
        {
            options.SpiffeId = World.Orders;
            options.IssuerUrl = $"http://{trap.EndPoint}/issuer.cer";
        });

        // Without its intermediate, so that a careless verifier has a reason to fetch.
        var context = SslStreamCertificateContext.Create(leaf.Certificate, additionalCertificates: null, offline: true);

        var server = _world.Tls(_billing).AcceptClient(Listed);
        var clientOptions = Careless();
        clientOptions.ClientCertificateContext = context;
        await using (await Loopback.HandshakeAsync(server.CreateOptions(), clientOptions))
        {
            Check.Refused(server.Verdict, X509RejectionReason.UntrustedAnchor);
        }

        var client = _world.Tls(_orders).ConnectTo(WorkloadId.Parse(World.Orders));
        await using (await Loopback.HandshakeAsync(new SslServerAuthenticationOptions { ServerCertificateContext = context }, client.CreateOptions("localhost", [])))
        {
            Check.Refused(client.Verdict, X509RejectionReason.UntrustedAnchor);
        }

        Assert.Equal(0, trap.Hits);

        // The trap works: the platform's own chain falls into it.
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.UrlRetrievalTimeout = TimeSpan.FromSeconds(5);
        chain.Build(leaf.Certificate);
        Assert.NotEqual(0, trap.Hits);
    }

    /// <summary>A client that takes any server and shows no certificate.</summary>
    private static SslClientAuthenticationOptions Careless() => new()
    {
        TargetHost = "localhost",
        AllowTlsResume = false,
        CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, TrustMode = X509ChainTrustMode.CustomRootTrust },
#pragma warning disable CA5359 // the attacker does not care whom it talks to
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
    };

    private async Task<Rejection> RefuseAsync(Action<SslClientAuthenticationOptions> configure)
    {
        var server = _world.Tls(_billing).AcceptClient(Listed);
        var options = Careless();
        configure(options);
        await using var pair = await Loopback.HandshakeAsync(server.CreateOptions(), options);
        Assert.IsType<AuthenticationException>(pair.ServerFailure);
        Assert.False(server.Verdict.IsAccepted);
        return server.Verdict.Rejection;
    }
}
