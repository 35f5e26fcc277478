using System.Buffers.Binary;
using System.Text;

namespace ZeroTrust.Shared;

/// <summary>
/// Reads the access control list that a server of NFSv4 has of a file (RFC 7530, section 6.2.1). What it denies is not counted: it may be
/// allowed elsewhere.
/// </summary>
internal static class Nfs4AccessList
{
    private const int WordSize = 4;
    private const int HeadSize = 3 * WordSize;
    private const uint Allow = 0;
    private const uint LastType = 3;
    private const uint InheritOnly = 0x8;
    private const uint NamesGroup = 0x40;
    private const uint ReadData = 0x1;

    // Write, append, put in and take out of a folder, and change the list or the owner.
    private const uint Write = 0x2 | 0x4 | 0x40 | 0x40000 | 0x80000;

    /// <summary>The list; null when it is cut off or of another kind.</summary>
    public static AccessList? Parse(ReadOnlySpan<byte> content)
    {
        var entries = new List<AccessEntry>();
        var further = UnixFileMode.None;
        if (!TryTake(ref content, out var count))
        {
            return null;
        }

        for (; count > 0; count--)
        {
            if (content.Length < HeadSize)
            {
                return null;
            }

            var (type, flags, mask) = (Word(content), Word(content[WordSize..]), Word(content[(2 * WordSize)..]));
            content = content[HeadSize..];
            if (type > LastType || !TryTakeName(ref content, out var name))
            {
                return null;
            }

            if (type == Allow && (flags & InheritOnly) == 0 && (mask & (ReadData | Write)) != 0)
            {
                further |= Add(name, (flags & NamesGroup) != 0, (mask & ReadData) != 0, (mask & Write) != 0, entries);
            }
        }

        return content.IsEmpty ? new AccessList { Entries = entries, Further = further } : null;
    }

    private static UnixFileMode Add(string name, bool isGroup, bool canRead, bool canWrite, List<AccessEntry> entries)
    {
        switch (name)
        {
            case "OWNER@":
                return UnixFileMode.None;
            case "GROUP@":
                return (canRead ? UnixFileMode.GroupRead : UnixFileMode.None) | (canWrite ? UnixFileMode.GroupWrite : UnixFileMode.None);
            case "EVERYONE@":
                return (canRead ? UnixFileMode.OtherRead : UnixFileMode.None) | (canWrite ? UnixFileMode.OtherWrite : UnixFileMode.None);
            default:
                entries.Add(new AccessEntry(isGroup, name, canWrite));
                return UnixFileMode.None;
        }
    }

    private static uint Word(ReadOnlySpan<byte> content) => BinaryPrimitives.ReadUInt32BigEndian(content);

    private static bool TryTake(ref ReadOnlySpan<byte> content, out uint word)
    {
        word = 0;
        if (content.Length < WordSize)
        {
            return false;
        }

        word = Word(content);
        content = content[WordSize..];
        return true;
    }

    private static bool TryTakeName(ref ReadOnlySpan<byte> content, out string name)
    {
        name = string.Empty;
        if (!TryTake(ref content, out var length) || length > content.Length)
        {
            return false;
        }

        // To whole words (RFC 4506, section 4.11).
        var padded = (length + WordSize - 1) / WordSize * WordSize;
        if (padded > content.Length)
        {
            return false;
        }

        name = Encoding.UTF8.GetString(content[..(int)length]);
        content = content[(int)padded..];
        return true;
    }
}
