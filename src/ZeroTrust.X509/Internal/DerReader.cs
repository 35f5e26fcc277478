using System.Formats.Asn1;

namespace ZeroTrust.X509.Internal;

/// <summary>Walks the values of one DER encoding and hands out slices of it, without copying.</summary>
/// <remarks>Whatever is not DER throws <see cref="AsnContentException"/>; the parsers turn that into a refusal in one place.</remarks>
internal struct DerReader(ReadOnlyMemory<byte> rest)
{
    public const byte Sequence = 0x30;
    public const byte Set = 0x31;
    public const byte Integer = 0x02;
    public const byte BitString = 0x03;
    public const byte OctetString = 0x04;
    public const byte ObjectIdentifier = 0x06;
    public const byte Boolean = 0x01;
    public const byte Enumerated = 0x0A;
    public const byte UtcTime = 0x17;
    public const byte GeneralizedTime = 0x18;

    private ReadOnlyMemory<byte> _rest = rest;

    public readonly bool HasData => !_rest.IsEmpty;

    public static byte Context(int number) => (byte)(0x80 | number);

    public static byte ContextConstructed(int number) => (byte)(0xA0 | number);

    public readonly bool NextIs(byte tag) => !_rest.IsEmpty && _rest.Span[0] == tag;

    /// <summary>The next value's content, whatever its tag, which must take one octet.</summary>
    public ReadOnlyMemory<byte> ReadAny(out byte tag, out ReadOnlyMemory<byte> encoded)
    {
        AsnDecoder.ReadEncodedValue(_rest.Span, AsnEncodingRules.DER, out var offset, out var length, out var consumed);
        tag = _rest.Span[0];
        if ((tag & 0x1F) == 0x1F)
        {
            throw new AsnContentException("A tag number above 30 has no place in a certificate.");
        }

        encoded = _rest[..consumed];
        var content = _rest.Slice(offset, length);
        _rest = _rest[consumed..];
        return content;
    }

    public ReadOnlyMemory<byte> Read(byte expected) => Read(expected, out _);

    public ReadOnlyMemory<byte> Read(byte expected, out ReadOnlyMemory<byte> encoded)
    {
        var content = ReadAny(out var tag, out encoded);
        return tag == expected ? content : throw new AsnContentException($"Tag {tag:x2} where {expected:x2} belongs.");
    }

    public DerReader ReadInner(byte expected) => new(Read(expected));

    public bool TryRead(byte expected, out ReadOnlyMemory<byte> content)
    {
        content = default;
        if (!NextIs(expected))
        {
            return false;
        }

        content = Read(expected);
        return true;
    }

    /// <summary>A BOOLEAN DEFAULT FALSE: DER leaves FALSE out, so what is there has to be TRUE (X.690 section 11.5).</summary>
    public bool ReadDefaultFalse(byte tag = Boolean)
    {
        if (!TryRead(tag, out var content))
        {
            return false;
        }

        return content.Length == 1 && content.Span[0] == 0xFF ? true : throw new AsnContentException("A default value is encoded, or a BOOLEAN is not DER.");
    }

    public ReadOnlyMemory<byte> ReadInteger(byte tag = Integer)
    {
        var content = Read(tag);
        var value = content.Span;
        var minimal = value.Length > 0 && (value.Length == 1 || (value[0], value[1] >> 7) is not ((0x00, 0) or (0xFF, 1)));
        return minimal ? content : throw new AsnContentException("An INTEGER is not minimal.");
    }

    /// <summary>A non-negative INTEGER; what exceeds <see cref="int.MaxValue"/> reads as that.</summary>
    public int ReadCount(byte tag = Integer)
    {
        var value = ReadInteger(tag).Span;
        if ((value[0] & 0x80) != 0)
        {
            throw new AsnContentException("A negative INTEGER where a count belongs.");
        }

        var count = 0L;
        foreach (var octet in value)
        {
            count = Math.Min(int.MaxValue, (count << 8) | octet);
        }

        return (int)count;
    }

    public ReadOnlyMemory<byte> ReadOid(byte tag = ObjectIdentifier)
    {
        var content = Read(tag);
        return Oids.IsWellFormed(content.Span) ? content : throw new AsnContentException("An OBJECT IDENTIFIER is not DER.");
    }

    /// <summary>A BIT STRING of whole octets.</summary>
    public ReadOnlyMemory<byte> ReadOctets()
    {
        var content = Read(BitString);
        return content.Length > 0 && content.Span[0] == 0 ? content[1..] : throw new AsnContentException("A BIT STRING of part octets.");
    }

    /// <summary>A named bit list of up to 16 bits: bit 0 is the lowest bit of the result.</summary>
    public int ReadNamedBits(byte tag = BitString)
    {
        var content = Read(tag).Span;
        if (content.Length is < 1 or > 3 || content[0] > 7)
        {
            throw new AsnContentException("A named bit list is of no known length.");
        }

        var octets = content[1..];
        if (octets.IsEmpty)
        {
            return content[0] == 0 ? 0 : throw new AsnContentException("Unused bits of nothing.");
        }

        // X.690 section 11.2.2: no trailing zero bits, and section 11.2.1: unused bits are zero.
        if ((octets[^1] & (1 << content[0])) == 0 || (octets[^1] & ((1 << content[0]) - 1)) != 0)
        {
            throw new AsnContentException("A named bit list is not DER.");
        }

        var bits = 0;
        for (var bit = 0; bit < octets.Length * 8; bit++)
        {
            bits |= ((octets[bit / 8] >> (7 - (bit % 8))) & 1) << bit;
        }

        return bits;
    }

    public DateTimeOffset ReadTime()
    {
        var content = ReadAny(out var tag, out var encoded).Span;

        // RFC 5280 section 4.1.2.5: seconds are there, fractions and offsets are not.
        return (tag, content.Length) switch
        {
            (UtcTime, 13) => AsnDecoder.ReadUtcTime(encoded.Span, AsnEncodingRules.DER, out _, twoDigitYearMax: 2049),
            (GeneralizedTime, 15) => AsnDecoder.ReadGeneralizedTime(encoded.Span, AsnEncodingRules.DER, out _),
            _ => throw new AsnContentException("A time is not as RFC 5280 section 4.1.2.5 spells it."),
        };
    }

    public readonly void End()
    {
        if (HasData)
        {
            throw new AsnContentException("Data follows where the value ends.");
        }
    }
}
