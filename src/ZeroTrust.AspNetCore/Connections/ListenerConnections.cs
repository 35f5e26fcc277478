using Microsoft.AspNetCore.Connections;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>The open connections of one listener, oldest first, and no more of them than it may have.</summary>
/// <remarks>
/// It is the oldest that makes room. A prober is done within milliseconds, so whoever holds connections open to keep it out holds the oldest ones.
/// </remarks>
internal sealed class ListenerConnections(int? limit, Action<ConnectionContext> evicted)
{
    private readonly LinkedList<ConnectionContext> _open = [];
    private readonly Lock _lock = new();

    public async Task CarryAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var place = Enter(connection);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Leave(place);
        }
    }

    /// <summary>Aborts every connection, running calls included.</summary>
    /// <returns>How many there were.</returns>
    public int AbortAll(string code)
    {
        ConnectionContext[] open;
        lock (_lock)
        {
            open = [.. _open];
        }

        foreach (var connection in open)
        {
            connection.Abort(new ConnectionAbortedException(code));
        }

        return open.Length;
    }

    private LinkedListNode<ConnectionContext> Enter(ConnectionContext connection)
    {
        LinkedListNode<ConnectionContext>? oldest = null;
        LinkedListNode<ConnectionContext> place;
        lock (_lock)
        {
            if (_open.Count == limit)
            {
                oldest = _open.First!;
                _open.Remove(oldest);
            }

            place = _open.AddLast(connection);
        }

        if (oldest is not null)
        {
            evicted(oldest.Value);
        }

        return place;
    }

    private void Leave(LinkedListNode<ConnectionContext> place)
    {
        lock (_lock)
        {
            if (place.List is not null)
            {
                _open.Remove(place);
            }
        }
    }
}
