using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Connections;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore;

/// <summary>Every connection that a declared listener has accepted and that is still open.</summary>
public sealed class OpenConnections
{
    private readonly ConcurrentBag<ListenerConnections> _listeners = [];
    private readonly QuietLogger _logger;
    private readonly AspNetCoreMetrics _metrics;
    private readonly TimeProvider _time;

    internal OpenConnections(ILogger<OpenConnections> logger, AspNetCoreMetrics metrics, TimeProvider time)
    {
        _time = time;
        _logger = new QuietLogger(logger);
        _metrics = metrics;
    }

    /// <summary>Aborts every connection, which cancels the calls that still run on it. For the end of a drain.</summary>
    /// <param name="code">Why, for the server's log.</param>
    /// <returns>How many connections there were.</returns>
    /// <exception cref="ArgumentException"><paramref name="code"/> is empty.</exception>
    public int AbortAll(string code)
    {
        ArgumentException.ThrowIfNullOrEmpty(code);
        return _listeners.Sum(listener => listener.AbortAll(code));
    }

    internal ListenerConnections Track()
    {
        var connections = new ListenerConnections();
        _listeners.Add(connections);
        return connections;
    }

    internal ConnectionShares SharesOf(string listener, int limit)
    {
        var report = new EvictionReport(listener, limit, _logger, _metrics, _time);
        return new ConnectionShares(limit, connection =>
        {
            connection.Abort(new ConnectionAbortedException(EvictionReport.Cause));
            report.Evicted();
        });
    }
}
