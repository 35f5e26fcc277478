using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests;

/// <summary>Sessions that are resumed, with a chain of three: the platform hands over the leaf alone.</summary>
public sealed class ResumedPeersTests : IDisposable
{
    private readonly World _world = new();
    private readonly TestCertificate _orders;
    private readonly TestCertificate _billing;

    public ResumedPeersTests()
    {
        _orders = _world.Intermediate.Issue(World.Orders);
        _billing = _world.Intermediate.Issue(World.Billing);
    }

    private static PeerAllowList Listed => new(WorkloadId.Parse(World.Orders));

    public void Dispose()
    {
        _billing.Dispose();
        _orders.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task A_resumed_peer_is_verified_again_with_the_intermediates_of_its_full_handshake()
    {
        var line = new Line(_world, _billing, _orders);
        var full = await line.ConnectAsync();
        Assert.Equal(1, full.SentToServer);

        var resumed = await line.ConnectAsync();

        Assert.Equal(0, resumed.SentToServer);
        Assert.Single(Check.Accepted(resumed.Server).Certificates.IntermediatesDer);
        Check.Accepted(resumed.Client);
    }

    [Fact]
    public async Task A_resumed_peer_is_refused_once_it_is_revoked()
    {
        var line = new Line(_world, _billing, _orders);
        await line.ConnectAsync();

        _world.Bundles.Replace(new TrustBundleSet(_world.Bundles.GetBundles(), new DenyList(leaves: [Check.Accepted(PeerCertificates.From(_orders.Certificate)).LeafSha256])));

        Check.Refused((await line.ConnectAsync()).Server, X509RejectionReason.Denied);
    }

    [Fact]
    public async Task A_ticket_of_one_listener_gives_nothing_on_another()
    {
        var line = new Line(_world, _billing, _orders);
        await line.ConnectAsync();

        // The same server certificate: the platform resumes the session of the other listener.
        line.Listener = new ResumedPeers();
        var crossed = await line.ConnectAsync();

        Assert.Equal(0, crossed.SentToServer);
        Check.Refused(crossed.Server, X509RejectionReason.UntrustedAnchor);
        var full = await line.ConnectAsync();
        Assert.Equal(1, full.SentToServer);
        Check.Accepted(full.Server);
    }

    [Fact]
    public async Task A_listener_that_does_not_resume_takes_no_ticket()
    {
        var line = new Line(_world, _billing, _orders);
        await line.ConnectAsync();

        line.Listener = null;
        var full = await line.ConnectAsync();

        Assert.Equal(1, full.SentToServer);
        Check.Accepted(full.Server);
    }

    [Fact]
    public void A_peer_that_sent_intermediates_is_judged_by_those()
    {
        var resumption = new ResumedPeers();
        var full = _orders.ToPeerCertificates();
        resumption.Remember(full);
        var other = Check.Accepted(PeerCertificates.From(_orders.Certificate, [_world.Root.Certificate]));

        Assert.Same(other, resumption.Complete(other));
        Assert.Same(full, resumption.Complete(Check.Accepted(PeerCertificates.From(_orders.Certificate))));
    }

    [Fact]
    public void A_peer_that_is_not_known_has_the_next_handshakes_be_full_ones_and_no_more()
    {
        var resumption = new ResumedPeers();
        Assert.True(resumption.TryResume());

        resumption.Pause();

        Assert.All(Enumerable.Range(0, 1024), _ => Assert.False(resumption.TryResume()));
        Assert.True(resumption.TryResume());
    }

    [Fact]
    public void More_peers_than_are_kept_need_a_full_handshake()
    {
        var resumption = new ResumedPeers();
        var alone = Check.Accepted(PeerCertificates.From(_orders.Certificate));
        resumption.Remember(_orders.ToPeerCertificates());
        for (var i = 0; i < 1024; i++)
        {
            resumption.Remember(Check.Accepted(PeerCertificates.Create(BitConverter.GetBytes(i), [_world.Root.Certificate.RawDataMemory])));
        }

        Assert.Same(alone, resumption.Complete(alone));
    }

    /// <summary>One server and one client that connect again and again.</summary>
    private sealed class Line(World world, TestCertificate serving, TestCertificate calling)
    {
        private readonly PeerTls _server = world.Tls(serving);
        private readonly PeerTls _client = world.Tls(calling);
        private readonly ResumedPeers _sessions = new();

        public ResumedPeers? Listener { get; set; } = new();

        public async Task<(Verdict<VerifiedPeer> Server, Verdict<VerifiedPeer> Client, int SentToServer)> ConnectAsync()
        {
            var sent = -1;
            var server = _server.AcceptClient(Listed, Listener);
            var client = _client.ConnectTo(WorkloadId.Parse(World.Billing), _sessions);
            var options = server.CreateOptions();
            var decide = options.RemoteCertificateValidationCallback!;
            options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
            {
                sent = chain!.ChainPolicy.ExtraStore.Count;
                return decide(sender, certificate, chain, errors);
            };
            await using var pair = await Loopback.HandshakeAsync(options, client.CreateOptions("localhost", []));
            if (pair.ServerFailure is not null)
            {
                return (server.Verdict, client.Verdict, sent);
            }

            // The client learns its ticket when it reads.
            await pair.Server.WriteAsync(new byte[1], TestContext.Current.CancellationToken);
            Assert.Equal(1, await pair.Client.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
            return (server.Complete(pair.Server), client.Complete(pair.Client), sent);
        }
    }
}
