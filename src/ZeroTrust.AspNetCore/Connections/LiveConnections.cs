using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>Judges every open connection, and every running call of a forwarded client, again when trust moves, and each second for what time alone ends.</summary>
/// <remarks>
/// A peer that is refused now is cut off, open streams included; a forwarded client loses its calls, and its proxy none but those. A connection that outlived the certificate or the anchors it was opened with is
/// drained: after a random part of the listener's drain time its next call moves it, so nobody loses a call and not all come back at once.
/// An idle connection is left alone, for nothing rests on it until its next call.
/// </remarks>
internal sealed class LiveConnections : IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    // For the answer to a call that is being refused, which says why.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<PeerConnection, bool> _connections = new();
    private readonly ConcurrentDictionary<ForwardedCall, bool> _calls = new();
    private readonly PeerVerifier _verifier;
    private readonly IPeerCredentialSource _credentials;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly AspNetCoreMetrics _metrics;
    private readonly Lock _sweep = new();
    private readonly ITimer _timer;
    private readonly IDisposable _trustChanges;
    private readonly IDisposable _credentialChanges;

    public LiveConnections(
        PeerVerifier verifier, IPeerCredentialSource credentials, TimeProvider time, ILogger<LiveConnections> logger, AspNetCoreMetrics metrics)
    {
        _verifier = verifier;
        _credentials = credentials;
        _time = time;
        _logger = new QuietLogger(logger);
        _metrics = metrics;
        _timer = time.CreateTimer(_ => Sweep(), state: null, SweepInterval, SweepInterval);

        // Not on the thread that publishes: it would wait for all connections to be verified.
        _trustChanges = ChangeToken.OnChange(verifier.GetReloadToken, SweepSoon);
        _credentialChanges = ChangeToken.OnChange(credentials.GetReloadToken, SweepSoon);
    }

    public void Add(PeerConnection connection)
    {
        _connections.TryAdd(connection, value: true);

        // Trust may have moved since the handshake, and the sweep for it may be over.
        Examine(connection);
    }

    public void Remove(PeerConnection connection) => _connections.TryRemove(connection, out _);

    public void Add(ForwardedCall call)
    {
        _calls.TryAdd(call, value: true);
        Examine(call);
    }

    public void Remove(ForwardedCall call)
    {
        _calls.TryRemove(call, out _);
        call.End();
    }

    /// <summary>Cuts a connection off, whose peer is refused.</summary>
    public void Close(PeerConnection connection, Rejection rejection)
    {
        if (connection.TryAbortAfter(AnswerTime, _time, rejection))
        {
            Log.ConnectionCut(_logger, connection.Listener, connection.Peer.ToString(), rejection);
            _metrics.ConnectionClosed(connection.Listener, rejection.Code);
        }
    }

    public void Dispose()
    {
        _trustChanges.Dispose();
        _credentialChanges.Dispose();
        _timer.Dispose();
    }

    private void SweepSoon() => ThreadPool.UnsafeQueueUserWorkItem(static connections => connections.Sweep(), this, preferLocal: false);

    private void Sweep()
    {
        lock (_sweep)
        {
            foreach (var (connection, _) in _connections)
            {
                Guarded(Examine, connection);
            }

            foreach (var (call, _) in _calls)
            {
                Guarded(Examine, call);
            }
        }
    }

    // On a timer, where an exception would end the process and keep the rest from being examined.
    private void Guarded<T>(Action<T> examine, T subject)
    {
        try
        {
            examine(subject);
        }
        catch (Exception exception)
        {
            Log.CheckFailed(_logger, "connections", exception);
        }
    }

    private void Examine(PeerConnection connection)
    {
        if (!connection.Judge(_verifier).TryGet(out _, out var rejection))
        {
            Close(connection, rejection);
        }
        else if (connection.IsRotated(_credentials.GetCredential()) && connection.TryScheduleDrain(_time, RandomPart()))
        {
            Log.ConnectionOutlived(_logger, connection.Listener, connection.Peer.ToString());
            _metrics.ConnectionClosed(connection.Listener, "rotated");
        }
    }

    private void Examine(ForwardedCall call)
    {
        if (!call.Judge(_verifier).TryGet(out _, out var rejection) && call.TryAbort())
        {
            _metrics.CallRefused(call.Listener, rejection.Code);
            Log.ForwardedCallCut(_logger, call.Listener, call.Peer.ToString(), call.Proxy.ToString(), rejection);
        }
    }

    private static double RandomPart() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
