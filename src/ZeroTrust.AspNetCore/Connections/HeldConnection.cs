using Microsoft.AspNetCore.Connections;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>One established connection in the share of its holder, with the number of its running calls.</summary>
internal sealed class HeldConnection
{
    private int _calls;

    public HeldConnection(ConnectionContext connection, ConnectionHolder holder)
    {
        Connection = connection;
        Holder = holder;
        Place = new LinkedListNode<HeldConnection>(this);
        OfHolder = new LinkedListNode<HeldConnection>(this);
    }

    public ConnectionContext Connection { get; }

    public ConnectionHolder Holder { get; }

    public LinkedListNode<HeldConnection> Place { get; }

    public LinkedListNode<HeldConnection> OfHolder { get; }

    public bool IsIdle => Volatile.Read(ref _calls) == 0;

    public void BeginCall() => Interlocked.Increment(ref _calls);

    public void EndCall() => Interlocked.Decrement(ref _calls);
}
