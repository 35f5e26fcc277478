using ZeroTrust.AspNetCore.Connections;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>The addresses of one listener that have unfinished handshakes or left one unfinished. Strangers fill it, so what it remembers is bounded.</summary>
internal sealed class AddressBook(TimeProvider time)
{
    // 4,096 of about 200 bytes: a network of machines is remembered, and a table made to grow is less than a megabyte.
    private const int MostRemembered = 4096;

    private static readonly TimeSpan MemoryTime = TimeSpan.FromMinutes(1);

    private readonly Dictionary<RemoteAddress, AddressRecord> _records = [];
    private readonly LinkedList<AddressRecord> _suspects = [];

    public int Count => _records.Count;

    public AddressRecord Get(RemoteAddress address)
    {
        while (_suspects.First is { Value: var oldest } && time.GetElapsedTime(oldest.SuspectSince) >= MemoryTime)
        {
            Forgive(oldest);
        }

        if (!_records.TryGetValue(address, out var record))
        {
            record = new AddressRecord(address);
            _records.Add(address, record);
        }

        return record;
    }

    public void Suspect(AddressRecord record)
    {
        if (record.IsSuspect)
        {
            _suspects.Remove(record.Memory);
        }

        record.SuspectSince = time.GetTimestamp();
        _suspects.AddLast(record.Memory);
        if (_suspects.Count > MostRemembered)
        {
            Forgive(_suspects.First!.Value);
        }
    }

    public void Forgive(AddressRecord record)
    {
        if (record.IsSuspect)
        {
            _suspects.Remove(record.Memory);
        }

        Release(record);
    }

    /// <summary>Drops a record of which there is nothing left to say.</summary>
    public void Release(AddressRecord record)
    {
        if (record is { Handshakes.Count: 0, IsSuspect: false })
        {
            _records.Remove(record.Address);
        }
    }
}
