using Microsoft.AspNetCore.Connections;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>The established connections of one listener, no more of them than it may have, shared among their holders.</summary>
/// <remarks>
/// A holder is the verified peer where there is one, else the remote address. When all places are taken, the holder of most gives way,
/// never a newcomer as such. Holders of less than a sixteenth count as equals and the oldest connection of all gives way, so that the peers
/// behind one address do not pay for a great number of small holders.
/// </remarks>
internal sealed class ConnectionShares(int limit, Action<ConnectionContext> evicted)
{
    private const int Shares = 16;

    // As far as an idle connection is looked for: the choice stays cheap while the listener is flooded.
    private const int MostExamined = 32;

    private readonly Dictionary<object, ConnectionHolder> _holders = [];
    private readonly SortedSet<ConnectionHolder> _bySize = new(Comparer<ConnectionHolder>.Create(Compare));
    private readonly LinkedList<HeldConnection> _open = [];
    private readonly Lock _lock = new();
    private long _numbers;

    public async Task CarryAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var held = Enter(connection);
        connection.Features.Set(held);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                Remove(held);
            }
        }
    }

    // A peer without a workload id is told by its certificate.
    private static object HolderOf(ConnectionContext connection) => connection.Features.Get<IPeerFeature>() is { } peer
        ? peer.Peer.ToString()
        : RemoteAddress.Of(connection.RemoteEndPoint);

    private static int Compare(ConnectionHolder? x, ConnectionHolder? y)
    {
        var bySize = x!.Connections.Count.CompareTo(y!.Connections.Count);
        return bySize != 0 ? bySize : x.Number.CompareTo(y.Number);
    }

    private static HeldConnection FirstIdle(LinkedList<HeldConnection> connections)
    {
        var node = connections.First;
        for (var i = 0; i < MostExamined && node is not null; i++, node = node.Next)
        {
            if (node.Value.IsIdle)
            {
                return node.Value;
            }
        }

        return connections.First!.Value;
    }

    private HeldConnection Enter(ConnectionContext connection)
    {
        HeldConnection? victim = null;
        HeldConnection held;
        var key = HolderOf(connection);
        lock (_lock)
        {
            if (_open.Count >= limit)
            {
                victim = ChooseVictim();
                Remove(victim);
            }

            if (!_holders.TryGetValue(key, out var holder))
            {
                holder = new ConnectionHolder(key, _numbers++);
                _holders.Add(key, holder);
            }

            held = new HeldConnection(connection, holder);
            _open.AddLast(held.Place);
            Resize(holder, connections => connections.AddLast(held.OfHolder));
        }

        if (victim is not null)
        {
            evicted(victim.Connection);
        }

        return held;
    }

    private HeldConnection ChooseVictim()
    {
        var most = _bySize.Max!.Connections;
        return FirstIdle(most.Count > limit / Shares ? most : _open);
    }

    private void Remove(HeldConnection held)
    {
        if (held.Place.List is null)
        {
            return;
        }

        _open.Remove(held.Place);
        Resize(held.Holder, connections => connections.Remove(held.OfHolder));
        if (held.Holder.Connections.Count == 0)
        {
            _bySize.Remove(held.Holder);
            _holders.Remove(held.Holder.Key);
        }
    }

    // A holder's place in the order is found by its size, so it is taken out while that changes.
    private void Resize(ConnectionHolder holder, Action<LinkedList<HeldConnection>> change)
    {
        _bySize.Remove(holder);
        change(holder.Connections);
        _bySize.Add(holder);
    }
}
