using System.Runtime.CompilerServices;
using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Mtls.Client;

/// <summary>
/// The open connections of one handler, those of retired generations included, and what has to be watched on their behalf.
/// </summary>
internal sealed class ServerConnections : IDisposable
{
    // The time may be set, and a source of the application may lose its listeners: neither is noticed later than this.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    // Weak: a response that is forgotten instead of disposed is closed by the finalizer of its socket.
    private readonly ConditionalWeakTable<ServerStream, object?> _streams = [];

    // The platform may make a connection for a call, find it ended before it was used, and not tell the call why.
    private readonly ConditionalWeakTable<HttpRequestMessage, ServerStream> _madeFor = [];
    private readonly Lock _lock = new();
    private readonly HandlerParts _parts;
    private readonly ITimer _timer;
    private readonly IDisposable _trustChanges;
    private readonly IDisposable _credentialChanges;
    private long _validUntil = long.MaxValue;
    private bool _closing;
    private bool _stopped;

    /// <summary>Begins to watch.</summary>
    /// <param name="parts">The server and how it is proved.</param>
    /// <param name="changed">Called, on a thread of the pool, when trust or the own credential changed, or a proof has to be
    /// renewed.</param>
    public ServerConnections(HandlerParts parts, Action changed)
    {
        _parts = parts;
        _timer = NewTimer(parts.Time, _ =>
        {
            WaitAgain();
            changed();
        });
        _trustChanges = ChangeToken.OnChange(parts.Verifier.GetReloadToken, Queue);
        _credentialChanges = ChangeToken.OnChange(parts.Credentials.GetReloadToken, Queue);

        // Not on the thread of the source, which has others to tell.
        void Queue() => ThreadPool.UnsafeQueueUserWorkItem(static changed => changed(), changed, preferLocal: false);
    }

    /// <summary>When the earliest proof ends, in ticks of UTC.</summary>
    public long ValidUntil => Volatile.Read(ref _validUntil);

    public bool Holds(ServerStream stream) => _streams.TryGetValue(stream, out _);

    /// <summary>The connection that was made for a call; null where it got one that was there.</summary>
    public ServerStream? FindMadeFor(HttpRequestMessage request) => _madeFor.TryGetValue(request, out var stream) ? stream : null;

    public void Add(ServerStream stream, HttpRequestMessage request)
    {
        _madeFor.AddOrUpdate(request, stream);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopped, typeof(MtlsHttpHandler));
            _streams.Add(stream, null);
            WaitUntil(Math.Min(_validUntil, EndOf(stream)));
        }
    }

    /// <summary>Whether the server answers the same certificate on another open connection, so that it is not what it refuses.</summary>
    public bool IsServedBeside(ServerStream stream) => _streams.Any(
        entry => entry.Key.IsAnswered && !ReferenceEquals(entry.Key, stream) && ReferenceEquals(entry.Key.Credential, stream.Credential));

    public void Remove(ServerStream stream)
    {
        _streams.Remove(stream);
        if (Volatile.Read(ref _closing))
        {
            StopWhenEmpty();
        }
    }

    /// <summary>Judges every connection again and cuts those whose server is refused now.</summary>
    /// <returns>Whether a connection was cut.</returns>
    public bool Sweep()
    {
        lock (_lock)
        {
            List<(ServerStream Stream, Rejection Rejection)> refused = [];
            var validUntil = long.MaxValue;
            foreach (var stream in _streams.Select(entry => entry.Key).ToArray())
            {
                if (stream.Recheck().TryGet(out _, out var rejection))
                {
                    validUntil = Math.Min(validUntil, EndOf(stream));
                    continue;
                }

                refused.Add((stream, rejection));
                _streams.Remove(stream);

                // Elsewhere, since whoever waits for the connection may go on at once, and must not under the lock.
                ThreadPool.UnsafeQueueUserWorkItem(static stream => stream.Abort(), stream, preferLocal: false);
            }

            WaitUntil(validUntil);
            _parts.Audit.Aborted(refused);
            return refused.Count > 0;
        }
    }

    /// <summary>Ends the watch with the last connection: a response that is still being read is watched to its end.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _closing, true);
        StopWhenEmpty();
    }

    // Without the caller's ambient values: the first request of a handler must not lend them to all others.
    private static ITimer NewTimer(TimeProvider time, TimerCallback callback)
    {
        var flows = !ExecutionContext.IsFlowSuppressed();
        if (flows)
        {
            ExecutionContext.SuppressFlow();
        }

        try
        {
            return time.CreateTimer(callback, state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            if (flows)
            {
                ExecutionContext.RestoreFlow();
            }
        }
    }

    // RFC 5280 section 4.1.2.5: the last second belongs to the validity.
    private static long EndOf(ServerStream stream)
    {
        var latest = stream.Peer!.Snapshot.ClockSkew.Ticks + TimeSpan.TicksPerSecond - 1;
        var ticks = stream.Peer.ValidUntil.UtcTicks;
        return ticks > DateTimeOffset.MaxValue.UtcTicks - latest ? long.MaxValue : ticks + latest;
    }

    // Before the proofs are renewed, which sets the timer anew: should that fail, it is tried again.
    private void WaitAgain()
    {
        lock (_lock)
        {
            if (_parts.Time.GetUtcNow().UtcTicks <= _validUntil)
            {
                WaitUntil(_validUntil);
            }
            else if (!_stopped)
            {
                _timer.Change(RetryWait, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void WaitUntil(long validUntil)
    {
        Volatile.Write(ref _validUntil, validUntil);
        if (_stopped || validUntil == long.MaxValue)
        {
            return;
        }

        // Just after the end, which is the last moment of the proof.
        var wait = validUntil - _parts.Time.GetUtcNow().UtcTicks + ShortestWait.Ticks;
        _timer.Change(TimeSpan.FromTicks(Math.Clamp(wait, ShortestWait.Ticks, LongestWait.Ticks)), Timeout.InfiniteTimeSpan);
    }

    private void StopWhenEmpty()
    {
        lock (_lock)
        {
            if (!_stopped && !_streams.Any())
            {
                _stopped = true;
                _trustChanges.Dispose();
                _credentialChanges.Dispose();
                _timer.Dispose();
            }
        }
    }
}
