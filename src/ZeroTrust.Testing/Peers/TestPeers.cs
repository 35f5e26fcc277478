using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.AspNetCore;
using ZeroTrust.Mtls;
using ZeroTrust.X509;

namespace ZeroTrust.Testing;

/// <summary>A throw-away trust domain for tests of a service in memory: its authority, the service's own certificate, and whoever calls it.</summary>
/// <remarks>Give it to <c>UseTestPeer</c>. Certificates are really issued here and really verified by the service.</remarks>
public sealed class TestPeers : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<TestCertificate>> _issued = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TestCaller> _callers = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<TestContextSender> _senders = [];
    private readonly List<X509Certificate2> _revoked = [];
    private readonly Lock _lock = new();
    private readonly TestCertificate _service;
    private readonly TrustBundle _workloadBundle;
    private readonly TimeProvider _time;
    private TrustBundle _bundle;
    private int _callerNumber;

    /// <summary>Makes the trust domain.</summary>
    /// <param name="service">The SPIFFE ID of the service under test; its trust domain is that of the test.</param>
    /// <param name="time">The time certificates are issued at; null for the system's. Give the service the same.</param>
    /// <exception cref="FormatException"><paramref name="service"/> is no SPIFFE ID.</exception>
    public TestPeers(string service = "spiffe://example.test/service", TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        TrustDomain = SpiffeId.Parse(service, provider: null).TrustDomain;
        Authority = TestCertificateAuthority.Create("test peers", time);
        _service = Authority.Issue(service);
        _bundle = new TrustBundle(TrustDomain, [Authority.Certificate], TimeSpan.FromDays(1), Crls());
        _workloadBundle = new TrustBundle(TrustDomain, [Authority.Certificate], TimeSpan.FromDays(1));
        Bundles = new MemoryTrustBundleSource(new TrustBundleSet(_bundle));
        Credentials = new MemoryPeerCredentialSource(_service.ToCredential());
    }

    /// <summary>The authority the service under test trusts.</summary>
    public TestCertificateAuthority Authority { get; }

    /// <summary>The trust domain of the service under test.</summary>
    public TrustDomain TrustDomain { get; }

    /// <summary>The bundles the service under test trusts; replace them to withdraw trust.</summary>
    public MemoryTrustBundleSource Bundles { get; }

    /// <summary>The own certificate of the service under test.</summary>
    public MemoryPeerCredentialSource Credentials { get; }

    /// <summary>How long the contexts of <see cref="TestPeerHandler.WithContext"/> last, for services whose grants allow less.</summary>
    /// <value>Default 120 s, from 10 s to 120 s.</value>
    public TimeSpan ContextLifetime { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>Calls as a workload with a good certificate, the same one each time.</summary>
    /// <param name="spiffeId">The workload.</param>
    /// <returns>A handler, for example for <c>factory.CreateDefaultClient(...)</c>.</returns>
    public TestPeerHandler As(string spiffeId) => As(IssuedTo(spiffeId));

    /// <summary>Calls with a certificate of any look, for example an expired one.</summary>
    /// <param name="configure">Changes what it looks like.</param>
    /// <returns>A handler, for example for <c>factory.CreateDefaultClient(...)</c>.</returns>
    public TestPeerHandler As(Action<TestLeafOptions> configure)
    {
        using var certificate = Authority.Issue(configure);
        return As(certificate);
    }

    /// <summary>Calls with a certificate from anywhere, for example of an authority the service does not trust.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="listener">The role of the listener that is called.</param>
    /// <returns>A handler, for example for <c>factory.CreateDefaultClient(...)</c>.</returns>
    public TestPeerHandler As(TestCertificate certificate, ListenerRole listener = ListenerRole.Mesh)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        // Taken now, because the certificate may be gone when it is needed.
        var (chain, key) = (certificate.ChainPem, certificate.KeyPem);
        return Handler(new TestCaller(certificate.ToPeerCertificates(), listener), () => PeerCredential.FromPem(chain, key));
    }

    /// <summary>Calls without a certificate: on the edge as every client does, on the mesh to be refused.</summary>
    /// <param name="listener">The role of the listener that is called.</param>
    /// <returns>A handler, for example for <c>factory.CreateDefaultClient(...)</c>.</returns>
    public DelegatingHandler AsNobody(ListenerRole listener = ListenerRole.Mesh) =>
        Handler(new TestCaller(Certificates: null, listener), () => throw new InvalidOperationException("Nobody has no certificate to sign a context with."));

    /// <summary>Revokes the certificate of <see cref="As(string)"/>, for the next call and all after it.</summary>
    /// <param name="spiffeId">The workload.</param>
    public void Revoke(string spiffeId)
    {
        lock (_lock)
        {
            _revoked.Add(IssuedTo(spiffeId).Certificate);
            _bundle = _bundle.With(Crls());
            Bundles.Replace(new TrustBundleSet(_bundle));
        }
    }

    /// <summary>Releases the authority and the certificates it issued.</summary>
    public void Dispose()
    {
        foreach (var sender in _senders)
        {
            sender.Dispose();
        }

        foreach (var certificate in _issued.Values)
        {
            certificate.Value.Dispose();
        }

        _service.Dispose();
        Authority.Dispose();
    }

    internal TestCaller CallerOf(string key) => _callers.TryGetValue(key, out var caller)
        ? caller
        : throw new InvalidOperationException("The client's handler was made by another TestPeers than the one given to UseTestPeer.");

    internal TestCaller DefaultCaller(string? spiffeId) =>
        new(spiffeId is null ? null : IssuedTo(spiffeId).ToPeerCertificates(), ListenerRole.Mesh);

    private TestCertificate IssuedTo(string spiffeId) =>
        _issued.GetOrAdd(spiffeId, id => new Lazy<TestCertificate>(() => Authority.Issue(id))).Value;

    private TestPeerHandler Handler(TestCaller caller, Func<PeerCredential> credential)
    {
        var key = FormattableString.Invariant($"{Interlocked.Increment(ref _callerNumber)}");
        _callers[key] = caller;
        var sender = new TestContextSender(credential, id => IssuedTo(id).ToCredential(), () => Credentials.GetCredential().Workload, _workloadBundle, _time);
        _senders.Add(sender);
        return new TestPeerHandler(key, () => ContextLifetime, sender.Send);
    }

    private CrlSet Crls() => new([Authority.IssueCrl(_revoked)]);
}
