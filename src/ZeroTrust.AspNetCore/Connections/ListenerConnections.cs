using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>The open connections of one listener, from the moment they are accepted.</summary>
internal sealed class ListenerConnections
{
    private readonly ConcurrentDictionary<ConnectionContext, bool> _open = new();

    public async Task CarryAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        _open.TryAdd(connection, value: true);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            _open.TryRemove(connection, out _);
        }
    }

    /// <summary>Aborts every connection, running calls included.</summary>
    /// <returns>How many there were.</returns>
    public int AbortAll(string code)
    {
        var aborted = 0;
        foreach (var (connection, _) in _open)
        {
            connection.Abort(new ConnectionAbortedException(code));
            aborted++;
        }

        return aborted;
    }
}
