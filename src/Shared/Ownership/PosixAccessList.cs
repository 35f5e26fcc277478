using System.Buffers.Binary;
using System.Globalization;

namespace ZeroTrust.Shared;

/// <summary>Reads what Linux keeps of a POSIX access control list (acl(5)): version 2, of tag, rights and number of each entry.</summary>
internal static class PosixAccessList
{
    private const uint Version = 2;
    private const int HeaderSize = 4;
    private const int EntrySize = 8;
    private const int CanWrite = 2;
    private const int All = 7;
    private const int GroupShift = 3;

    private const int Owner = 0x01;
    private const int User = 0x02;
    private const int OwningGroup = 0x04;
    private const int Group = 0x08;
    private const int Mask = 0x10;
    private const int Other = 0x20;

    /// <summary>The list; null when it is none that Linux writes.</summary>
    public static AccessList? Parse(ReadOnlySpan<byte> content)
    {
        if (content.Length < HeaderSize || (content.Length - HeaderSize) % EntrySize != 0 || BinaryPrimitives.ReadUInt32LittleEndian(content) != Version)
        {
            return null;
        }

        var named = new List<(int Tag, int Rights, uint Number)>();
        var single = new Dictionary<int, int>();
        for (var rest = content[HeaderSize..]; !rest.IsEmpty; rest = rest[EntrySize..])
        {
            var tag = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            var rights = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
            if (rights > All || (tag is not (User or Group) && !(tag is Owner or OwningGroup or Mask or Other && single.TryAdd(tag, rights))))
            {
                return null;
            }

            if (tag is User or Group)
            {
                named.Add((tag, rights, BinaryPrimitives.ReadUInt32LittleEndian(rest[4..])));
            }
        }

        var isMasked = single.TryGetValue(Mask, out var mask);
        return single.ContainsKey(Owner) && single.TryGetValue(OwningGroup, out var group) && single.ContainsKey(Other) && (isMasked || named.Count == 0)
            ? New(named, group, isMasked ? mask : All)
            : null;
    }

    private static AccessList New(List<(int Tag, int Rights, uint Number)> named, int group, int mask) => new()
    {
        Group = (UnixFileMode)((group & mask) << GroupShift),
        Entries =
        [
            .. named.Where(entry => (entry.Rights & mask) != 0).Select(entry => new AccessEntry(
                entry.Tag == Group, entry.Number.ToString(CultureInfo.InvariantCulture), (entry.Rights & mask & CanWrite) != 0)),
        ],
    };
}
