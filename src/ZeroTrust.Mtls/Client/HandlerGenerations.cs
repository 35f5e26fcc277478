using ZeroTrust.Mtls.Internal;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Client;

/// <summary>
/// Replaces the pool of connections behind one handler. A rotation of the own credential, or of the anchors of the server's trust domain,
/// begins a new generation and lets the old one end; other changes of trust are held against the open connections.
/// </summary>
internal sealed class HandlerGenerations : IDisposable
{
    private readonly HandlerParts _parts;
    private readonly SocketsHttpHandler _template;
    private readonly ServerConnections _connections;
    private readonly Lock _lock = new();
    private readonly TrustDomain _serverDomain;
    private HandlerGeneration? _current;
    private TrustSnapshot? _snapshot;
    private bool _disposed;

    public HandlerGenerations(HandlerParts parts, SocketsHttpHandler template)
    {
        _parts = parts;
        _template = template;
        _connections = new ServerConnections(parts, Watch);
        _serverDomain = parts.Server.SpiffeId?.TrustDomain ?? parts.Verifier.Snapshot.LocalTrustDomain;
    }

    /// <summary>The generation for the next request, which has to return it.</summary>
    /// <exception cref="RejectionException">
    /// The files of trust or of the local certificate were not looked at in time, or the local certificate has ended or not begun.
    /// </exception>
    public HandlerGeneration Rent()
    {
        RequireCurrent();
        while (true)
        {
            var generation = GetCurrent();
            if (generation.TryRent())
            {
                return generation;
            }

            // Retired between the two; the next look finds its successor, or that there is none.
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, typeof(MtlsHttpHandler));
            }
        }
    }

    /// <inheritdoc cref="ServerConnections.FindMadeFor"/>
    public ServerStream? FindMadeFor(HttpRequestMessage request) => _connections.FindMadeFor(request);

    /// <summary>Whether requests go elsewhere by now.</summary>
    public bool IsSuperseded(HandlerGeneration generation) => !Volatile.Read(ref _disposed) && !ReferenceEquals(generation, GetCurrent());

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _current?.Retire();
            _connections.Dispose();
        }
    }

    private void RequireCurrent()
    {
        if ((_parts.Verifier.CheckStaleness(_serverDomain) ?? CheckCredential()) is { } unfit)
        {
            throw new RejectionException(unfit.ToOutbound());
        }
    }

    // Of no matter to a server that is not sent it.
    private Rejection? CheckCredential()
    {
        if (!_parts.Bound.Identity.SendsCertificate)
        {
            return null;
        }

        if ((_parts.Credentials as IWatchedSource)?.CheckStaleness() is { } stale)
        {
            return stale;
        }

        // Without clock skew, as readiness judges it. TLS would end such a connection without a reason, which looks worth a retry.
        var credential = _parts.Credentials.GetCredential();
        var now = _parts.Time.GetUtcNow();
        if (credential.NotAfter < now)
        {
            return Expired(credential);
        }

        // With clock skew, as peers judge it: a fresh certificate may be from an issuer whose clock is a little ahead.
        return credential.IsNotYetValid(now, _parts.Options.ClockSkew) ? NotYetValid(credential, now) : null;
    }

    private static Rejection Expired(PeerCredential credential) => MtlsRejections.Refuse(
        MtlsRejectionReason.CredentialExpired,
        $"The local certificate ended at {credential.NotAfter:u} and was not renewed.",
        at: credential.NotAfter);

    private static Rejection NotYetValid(PeerCredential credential, DateTimeOffset now) => MtlsRejections.Refuse(
        MtlsRejectionReason.CredentialExpired,
        $"The local certificate is not yet valid: it begins at {credential.NotBefore:u}, and the clock of this host is at {now:u}.",
        at: credential.NotBefore);

    // What each request pays: three comparisons and the time.
    private HandlerGeneration GetCurrent()
    {
        var generation = Volatile.Read(ref _current);
        return generation is not null
            && ReferenceEquals(generation.Credential, _parts.Credentials.GetCredential())
            && ReferenceEquals(Volatile.Read(ref _snapshot), _parts.Verifier.Snapshot)
            && _parts.Time.GetUtcNow().UtcTicks <= _connections.ValidUntil
                ? generation
                : Renew();
    }

    private HandlerGeneration Renew()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(MtlsHttpHandler));

            // Read before the connections are judged, so that a change in between is seen by the next look.
            var snapshot = _parts.Verifier.Snapshot;
            var credential = _parts.Credentials.GetCredential();
            var isAnyRefused = MustSweep(snapshot) && _connections.Sweep();
            if (_current is null || isAnyRefused || IsRotated(_current, credential, snapshot))
            {
                Replace(credential, snapshot);
            }

            Volatile.Write(ref _snapshot, snapshot);
            return _current!;
        }
    }

    private bool MustSweep(TrustSnapshot snapshot) =>
        !ReferenceEquals(_snapshot, snapshot) || _parts.Time.GetUtcNow().UtcTicks > _connections.ValidUntil;

    private bool IsRotated(HandlerGeneration generation, PeerCredential credential, TrustSnapshot snapshot) =>
        !ReferenceEquals(generation.Credential, credential) || !ReferenceEquals(generation.Anchors, AnchorsOf(snapshot));

    private TrustAnchorSet? AnchorsOf(TrustSnapshot snapshot) =>
        snapshot.Bundles.TryGet(_serverDomain, out var bundle) ? bundle.Anchors : null;

    private void Replace(PeerCredential credential, TrustSnapshot snapshot)
    {
        var connector = new MtlsConnector(_parts, _template, _connections, _parts.Options.AllowResumption ? new ResumedPeers() : null);
        var handler = MtlsSockets.Create(_parts.Options);
        handler.ConnectCallback = connector.ConnectAsync;
        handler.PlaintextStreamFilter = connector.GuardAsync;
        var next = new HandlerGeneration(credential, AnchorsOf(snapshot), handler);
        var former = _current;
        Volatile.Write(ref _current, next);
        if (former is not null)
        {
            former.Retire();
            _parts.Audit.Replaced(_parts.Server);
        }
    }

    private void Watch()
    {
        try
        {
            lock (_lock)
            {
                if (_disposed)
                {
                    _connections.Sweep();
                }
                else if (_current is not null)
                {
                    Renew();
                }
            }
        }
        catch (Exception exception)
        {
            // On a thread of the pool, where an exception of a log provider would end the process.
            _parts.Audit.WatchFailed(_parts.Server, exception);
        }
    }
}
