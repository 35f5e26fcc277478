using ZeroTrust.AspNetCore.Connections;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>What a listener knows of one address: its unfinished handshakes, and whether one was lately left unfinished.</summary>
internal sealed class AddressRecord
{
    public AddressRecord(RemoteAddress address)
    {
        Address = address;
        Memory = new LinkedListNode<AddressRecord>(this);
    }

    public RemoteAddress Address { get; }

    public LinkedList<PendingHandshake> Handshakes { get; } = [];

    /// <summary>Its place among the suspects, if it is one.</summary>
    public LinkedListNode<AddressRecord> Memory { get; }

    public long SuspectSince { get; set; }

    public bool IsSuspect => Memory.List is not null;
}
