namespace ZeroTrust.AspNetCore.Connections;

/// <summary>A peer or an address with its established connections, oldest first.</summary>
internal sealed class ConnectionHolder(object key, long number)
{
    public object Key { get; } = key;

    /// <summary>Tells apart those that hold the same number of connections.</summary>
    public long Number { get; } = number;

    public LinkedList<HeldConnection> Connections { get; } = [];
}
