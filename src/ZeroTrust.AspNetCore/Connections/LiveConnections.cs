using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>
/// Judges every open connection, and every running call of a forwarded client, again when trust moves, and each second for what time alone
/// ends.
/// </summary>
/// <remarks>
/// A peer that is refused now is cut off, open streams included; a forwarded client loses its calls, and its proxy none but those. A
/// connection that outlived the certificate or the anchors it was opened with is drained: after a random part of the listener's drain time
/// its next call moves it, so nobody loses a call and not all come back at once. An idle connection is left alone, for nothing rests on it
/// until its next call.
/// </remarks>
internal sealed class LiveConnections : IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    // For the answer to a call that is being refused, and to the running calls of gRPC, which says why.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<PeerConnection, bool> _connections = new();
    private readonly ConcurrentDictionary<ForwardedCall, bool> _calls = new();
    private readonly PeerVerifier _verifier;
    private readonly IPeerCredentialSource _credentials;
    private readonly TimeProvider _time;
    private readonly BoundedLogger _logger;
    private readonly AspNetCoreMetrics _metrics;
    private readonly Lock _sweep = new();
    private readonly ITimer _timer;
    private readonly IDisposable _trustChanges;
    private readonly IDisposable _credentialChanges;

    public LiveConnections(
        PeerVerifier verifier,
        IPeerCredentialSource credentials,
        TimeProvider time,
        ILogger<LiveConnections> logger,
        AspNetCoreMetrics metrics)
    {
        _verifier = verifier;
        _credentials = credentials;
        _time = time;
        _logger = new BoundedLogger(logger);
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
        Tell(Examine(connection));
    }

    public void Remove(PeerConnection connection) => _connections.TryRemove(connection, out _);

    public void Add(ForwardedCall call)
    {
        _calls.TryAdd(call, value: true);
        Tell(Examine(call));
    }

    public void Remove(ForwardedCall call)
    {
        _calls.TryRemove(call, out _);
        call.End();
    }

    /// <summary>Cuts a connection off, whose peer is refused.</summary>
    public void Close(PeerConnection connection, Rejection rejection) => Tell(Cut(connection, rejection));

    public void Dispose()
    {
        _trustChanges.Dispose();
        _credentialChanges.Dispose();
        _timer.Dispose();
    }

    private void SweepSoon() => ThreadPool.UnsafeQueueUserWorkItem(static connections => connections.Sweep(), this, preferLocal: false);

    private void Sweep()
    {
        List<Action> untold = [];
        lock (_sweep)
        {
            foreach (var (connection, _) in _connections)
            {
                Guarded(Examine, connection, untold);
            }

            foreach (var (call, _) in _calls)
            {
                Guarded(Examine, call, untold);
            }
        }

        // After the last is cut: none waits for a log.
        if (untold.Count > 0)
        {
            _logger.Run(() => untold.ForEach(static tell => tell()));
        }
    }

    // On a timer, where an exception would end the process and keep the rest from being examined.
    private void Guarded<T>(Func<T, Action?> examine, T subject, List<Action> untold)
    {
        try
        {
            if (examine(subject) is { } tell)
            {
                untold.Add(tell);
            }
        }
        catch (Exception exception)
        {
            untold.Add(() => Log.CheckFailed(_logger, "connections", exception));
        }
    }

    private void Tell(Action? untold)
    {
        if (untold is not null)
        {
            _logger.Run(untold);
        }
    }

    /// <returns>Tells what became of it; null when nothing did.</returns>
    private Action? Examine(PeerConnection connection)
    {
        if (!connection.Judge(_verifier).TryGet(out _, out var rejection))
        {
            return Cut(connection, rejection);
        }

        return connection.IsRotated(_credentials.GetCredential()) && connection.TryScheduleDrain(_time, RandomPart())
            ? () =>
            {
                Log.ConnectionOutlived(_logger, connection.Listener, connection.Peer.ToString());
                _metrics.ConnectionClosed(connection.Listener, "rotated");
            }
        : null;
    }

    private Action? Cut(PeerConnection connection, Rejection rejection) => connection.TryAbortAfter(AnswerTime, _time, rejection)
        ? () =>
        {
            Log.ConnectionCut(_logger, connection.Listener, connection.Peer.ToString(), rejection);
            _metrics.ConnectionClosed(connection.Listener, rejection.Code);
        }
    : null;

    private Action? Examine(ForwardedCall call) =>
        !call.Judge(_verifier).TryGet(out _, out var rejection) && call.TryAbortAfter(AnswerTime, _time, rejection)
        ? () =>
        {
            Log.ForwardedCallCut(_logger, call.Listener, call.Peer.ToString(), call.Proxy.ToString(), rejection);
            _metrics.CallRefused(call.Listener, rejection.Code);
        }
    : null;

    private static double RandomPart() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
