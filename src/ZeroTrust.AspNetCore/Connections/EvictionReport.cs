using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Diagnostics;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>
/// Counts every connection that gave way and logs them together, at most once a second: how many there are is up to strangers.
/// </summary>
internal sealed class EvictionReport(string listener, int limit, ILogger logger, AspNetCoreMetrics metrics, TimeProvider time)
{
    public const string Cause = "evicted";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long? _logged;
    private long _unlogged;

    public void Evicted()
    {
        metrics.ConnectionClosed(listener, Cause);
        long closed;
        lock (_lock)
        {
            _unlogged++;
            if (_logged is { } logged && time.GetElapsedTime(logged) < Interval)
            {
                return;
            }

            _logged = time.GetTimestamp();
            (closed, _unlogged) = (_unlogged, 0);
        }

        Log.ConnectionEvicted(logger, listener, limit, closed);
    }
}
