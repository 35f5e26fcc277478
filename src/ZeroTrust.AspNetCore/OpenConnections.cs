using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Connections;
using ZeroTrust.AspNetCore.Diagnostics;

namespace ZeroTrust.AspNetCore;

/// <summary>Every connection that a declared listener has accepted and that is still open.</summary>
public sealed class OpenConnections
{
    private const string EvictedCode = "evicted";

    private readonly ConcurrentBag<ListenerConnections> _listeners = [];
    private readonly ILogger _logger;
    private readonly AspNetCoreMetrics _metrics;

    internal OpenConnections(ILogger<OpenConnections> logger, AspNetCoreMetrics metrics)
    {
        _logger = logger;
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

    internal ListenerConnections Of(string listener, int? limit)
    {
        var connections = new ListenerConnections(limit, connection => Evict(listener, limit, connection));
        _listeners.Add(connections);
        return connections;
    }

    private void Evict(string listener, int? limit, ConnectionContext connection)
    {
        connection.Abort(new ConnectionAbortedException(EvictedCode));
        _metrics.ConnectionClosed(listener, EvictedCode);
        Log.ConnectionEvicted(_logger, listener, limit);
    }
}
