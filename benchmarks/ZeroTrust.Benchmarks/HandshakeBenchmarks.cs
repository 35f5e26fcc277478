using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.Benchmarks;

/// <summary>
/// One TLS 1.3 connection over loopback with both sides in this process: TCP, handshake, guard, one byte from the server, close. P-256 leaves under
/// an intermediate and a root.
/// </summary>
[MemoryDiagnoser]
[InvocationCount(Invocations)]
public class HandshakeBenchmarks
{
    private const int Invocations = 64;
    private const string Host = "localhost";
    private const string Domain = "example.test";

    private static readonly WorkloadId Gateway = WorkloadId.Parse("spiffe://example.test/gateway");
    private static readonly WorkloadId Orders = WorkloadId.Parse("spiffe://example.test/orders");
    private static readonly PeerAllowList Listed = new(Gateway);

    private readonly Queue<(PeerTls Server, PeerTls Client)> _strangers = new(Invocations);
    private readonly ResumedPeers _serverSessions = new();
    private readonly ResumedPeers _clientSessions = new();
    private TestCertificateAuthority? _root;
    private TestCertificateAuthority? _issuer;
    private PeerCredential? _server;
    private PeerCredential? _client;
    private PeerTls? _knownServer;
    private PeerTls? _knownClient;
    private LoopbackLine? _line;

#pragma warning disable CA5398 // the version that is compared with
    private static SslProtocols Protocol => SslProtocols.Tls13;
#pragma warning restore CA5398

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _line = LoopbackLine.Open();
        _root = TestCertificateAuthority.Create("benchmark root");
        _issuer = _root.CreateIntermediate("benchmark issuer");
        _server = Issue(Orders);
        _client = Issue(Gateway);
        _knownServer = NewTls(_server, veto: true);
        _knownClient = NewTls(_client, veto: true);
        await CheckResumptionAsync().ConfigureAwait(false);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _issuer?.Dispose();
        _root?.Dispose();
        _line?.Dispose();
    }

    [IterationSetup(Target = nameof(FirstSightAsync))]
    public void MeetStrangers() => MeetStrangers(veto: true);

    [IterationSetup(Target = nameof(FirstSightWithoutVetoAsync))]
    public void MeetStrangersWithoutVeto() => MeetStrangers(veto: false);

    [Benchmark(Description = "(a) platform, callback => true")]
    public Task TrustingCallbackAsync()
    {
        var (server, client) = Platform(mutual: true);
#pragma warning disable CA5359 // what many programs do is the row to compare with
        server.RemoteCertificateValidationCallback = client.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        return _line!.ConnectAsync(server, client);
    }

    [Benchmark(Baseline = true, Description = "(b) platform, custom roots")]
    public Task CustomRootsAsync()
    {
        var (server, client) = Platform(mutual: true);
        server.CertificateChainPolicy = RootsOnly();
        client.CertificateChainPolicy = RootsOnly();
        return _line!.ConnectAsync(server, client);
    }

    [Benchmark(Description = "(c) first sight")]
    public Task FirstSightAsync() => FirstMeetingAsync();

    [Benchmark(Description = "(c) first sight, veto off")]
    public Task FirstSightWithoutVetoAsync() => FirstMeetingAsync();

    [Benchmark(Description = "(d) known peer")]
    public Task KnownPeerAsync() => VerifiedAsync(_knownServer!.AcceptClient(Listed), _knownClient!.ConnectTo(Orders));

    [Benchmark(Description = "(e) resumed, verified again")]
    public Task ResumedAsync() => ResumeAsync(static _ => { });

    [Benchmark(Description = "(f) server only, custom roots")]
    public Task ServerOnlyAsync()
    {
        var (server, client) = Platform(mutual: false);
        client.CertificateChainPolicy = RootsOnly();
        return _line!.ConnectAsync(server, client);
    }

    private (SslServerAuthenticationOptions Server, SslClientAuthenticationOptions Client) Platform(bool mutual)
    {
        var server = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _server!.CertificateContext,
            ClientCertificateRequired = mutual,
            EnabledSslProtocols = Protocol,
            AllowTlsResume = false,
        };
        var client = new SslClientAuthenticationOptions
        {
            TargetHost = Host,
            ClientCertificateContext = mutual ? _client!.CertificateContext : null,
            EnabledSslProtocols = Protocol,
            AllowTlsResume = false,
        };
        return (server, client);
    }

    private X509ChainPolicy RootsOnly() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
        CustomTrustStore = { _root!.Certificate },
    };

    private PeerCredential Issue(WorkloadId workload) => _issuer!.Issue(leaf =>
    {
        leaf.SpiffeId = workload.ToString();
        leaf.DnsNames.Add(Host);
    }).ToCredential();

    private PeerTls NewTls(PeerCredential own, bool veto) => new(
        new PeerVerifier(
            new MemoryTrustBundleSource(new TrustBundleSet(Bundle(veto))),
            Options.Create(new MtlsOptions { TrustDomain = Domain }),
            TimeProvider.System),
        new MemoryPeerCredentialSource(own));

    private TrustBundle Bundle(bool veto)
    {
        var bundle = _root!.ToBundle(Domain);
        return veto ? bundle : bundle.DangerousSkipPlatformVeto("what the veto costs is measured");
    }

    private void MeetStrangers(bool veto)
    {
        for (var i = 0; i < Invocations; i++)
        {
            _strangers.Enqueue((NewTls(_server!, veto), NewTls(_client!, veto)));
        }
    }

    private Task FirstMeetingAsync()
    {
        var (server, client) = _strangers.Dequeue();
        return VerifiedAsync(server.AcceptClient(Listed), client.ConnectTo(Orders));
    }

    private Task VerifiedAsync(PeerServerHandshake server, PeerClientHandshake client) => _line!.ConnectAsync(
        server.CreateOptions(),
        client.CreateOptions(Host, []),
        stream => server.Complete(stream).GetOrThrow(),
        stream => client.Complete(stream).GetOrThrow());

    private Task ResumeAsync(Action<SslServerAuthenticationOptions> prepare)
    {
        var server = _knownServer!.AcceptClient(Listed, _serverSessions);
        var client = _knownClient!.ConnectTo(Orders, _clientSessions);
        var options = server.CreateOptions();
        prepare(options);
        return _line!.ConnectAsync(
            options, client.CreateOptions(Host, []), stream => server.Complete(stream).GetOrThrow(), stream => client.Complete(stream).GetOrThrow());
    }

    // A session that silently was not resumed would measure another row; the platform hands over no intermediates of one that was.
    private async Task CheckResumptionAsync()
    {
        var sent = -1;
        for (var i = 0; i < 2; i++)
        {
            await ResumeAsync(options =>
            {
                var decide = options.RemoteCertificateValidationCallback!;
                options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
                {
                    sent = chain!.ChainPolicy.ExtraStore.Count;
                    return decide(sender, certificate, chain, errors);
                };
            }).ConfigureAwait(false);
        }

        if (sent != 0)
        {
            throw new InvalidOperationException("The session was not resumed.");
        }
    }
}
