using System.Buffers.Binary;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>What a peer's first record says it can do (RFC 8446 section 4.1.2), read beside TLS to say why a handshake failed. It decides nothing.</summary>
internal readonly record struct ClientOffer
{
    private const byte ClientHelloType = 1;
    private const int RandomLength = 32;
    private const ushort SupportedGroups = 10;
    private const ushort Alpn = 16;
    private const ushort SupportedVersions = 43;

    public FirstBytes First { get; private init; }

    /// <summary>The first byte, for what is no TLS.</summary>
    public byte FirstByte { get; private init; }

    /// <summary>The highest version offered; 0 when none was read.</summary>
    public ushort Version { get; private init; }

    /// <summary>Whether a cipher suite of TLS 1.3 is offered that the platforms have.</summary>
    public bool HasSuite13 { get; private init; }

    /// <summary>Whether the groups were read and none of them is one that the platforms have.</summary>
    public bool LacksGroups { get; private init; }

    /// <summary>Whether application protocols are offered (RFC 7301).</summary>
    public bool HasAlpn { get; private init; }

    public bool HasHttp11 { get; private init; }

    public bool HasHttp2 { get; private init; }

    /// <param name="bytes">The first record, or whatever came in its place.</param>
    public static ClientOffer Read(ReadOnlySpan<byte> bytes)
    {
        var first = FirstBytesReader.Tell(bytes);
        var offer = new ClientOffer { First = first, FirstByte = bytes[0] };
        if (first != FirstBytes.ClientHello)
        {
            return offer;
        }

        var record = bytes[ClientHello.HeaderLength..];
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        return record.Length >= length && offer.TryReadHello(record[..length], out var read) ? read : offer with { First = FirstBytes.PartOfHello };
    }

    private bool TryReadHello(ReadOnlySpan<byte> record, out ClientOffer read)
    {
        read = this;
        if (record.Length < 4 || record[0] != ClientHelloType || ((record[1] << 16) | (record[2] << 8) | record[3]) > record.Length - 4)
        {
            return false;
        }

        var rest = record[4..];
        if (rest.Length < 2 + RandomLength)
        {
            return false;
        }

        var legacyVersion = BinaryPrimitives.ReadUInt16BigEndian(rest);
        rest = rest[(2 + RandomLength)..];
        if (!TryTake(ref rest, lengthBytes: 1, out _) || !TryTake(ref rest, lengthBytes: 2, out var suites) || !TryTake(ref rest, lengthBytes: 1, out _))
        {
            return false;
        }

        read = read with { Version = legacyVersion, HasSuite13 = HasAny(suites, static suite => suite is 0x1301 or 0x1302 or 0x1303) };
        return rest.IsEmpty || (TryTake(ref rest, lengthBytes: 2, out var extensions) && read.TryReadExtensions(extensions, out read));
    }

    private bool TryReadExtensions(ReadOnlySpan<byte> extensions, out ClientOffer read)
    {
        read = this;
        while (!extensions.IsEmpty)
        {
            if (extensions.Length < 2)
            {
                return false;
            }

            var type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            extensions = extensions[2..];
            if (!TryTake(ref extensions, lengthBytes: 2, out var data))
            {
                return false;
            }

            read = type switch
            {
                SupportedVersions when TryTake(ref data, lengthBytes: 1, out var versions) => read with { Version = Highest(versions) },
                SupportedGroups when TryTake(ref data, lengthBytes: 2, out var groups) => read with { LacksGroups = !HasAny(groups, IsKnownGroup) },
                Alpn when TryTake(ref data, lengthBytes: 2, out var protocols) => read.WithProtocols(protocols),
                _ => read,
            };
        }

        return true;
    }

    private ClientOffer WithProtocols(ReadOnlySpan<byte> protocols)
    {
        var read = this with { HasAlpn = true };
        while (TryTake(ref protocols, lengthBytes: 1, out var protocol))
        {
            read = read with
            {
                HasHttp11 = read.HasHttp11 || protocol.SequenceEqual("http/1.1"u8),
                HasHttp2 = read.HasHttp2 || protocol.SequenceEqual("h2"u8),
            };
        }

        return read;
    }

    // RFC 8701: values of the form 0x?A?A are there to be passed over.
    private static ushort Highest(ReadOnlySpan<byte> versions)
    {
        ushort highest = 0;
        for (; versions.Length >= 2; versions = versions[2..])
        {
            var version = BinaryPrimitives.ReadUInt16BigEndian(versions);
            highest = (version & 0x0F0F) == 0x0A0A ? highest : Math.Max(highest, version);
        }

        return highest;
    }

    // RFC 8446 section 4.2.7, and the hybrid groups of ML-KEM.
    private static bool IsKnownGroup(ushort group) => group is (>= 23 and <= 25) or 29 or 30 or (>= 256 and <= 260) or (>= 4587 and <= 4589);

    private static bool HasAny(ReadOnlySpan<byte> values, Func<ushort, bool> isOne)
    {
        for (; values.Length >= 2; values = values[2..])
        {
            if (isOne(BinaryPrimitives.ReadUInt16BigEndian(values)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, int lengthBytes, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (rest.Length < lengthBytes)
        {
            return false;
        }

        var length = lengthBytes == 1 ? rest[0] : BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (rest.Length - lengthBytes < length)
        {
            return false;
        }

        taken = rest.Slice(lengthBytes, length);
        rest = rest[(lengthBytes + length)..];
        return true;
    }
}
