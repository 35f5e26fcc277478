using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ZeroTrust.X509.Internal;

/// <summary>A distinguished name that compares as RFC 5280 section 7.1 says: text without case and without surplus spaces, all else by octets.</summary>
internal sealed class DistinguishedName : IEquatable<DistinguishedName>
{
    public const byte Ia5String = 0x16;
    private const byte Utf8String = 0x0C;
    private const byte PrintableString = 0x13;
    private const byte TeletexString = 0x14;
    private const byte UniversalString = 0x1C;
    private const byte BmpString = 0x1E;
    private const int MaxOidOctets = 127;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding StrictUtf16 = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);

    private byte[][]? _canonical;
    private int _hash;

    private DistinguishedName(ReadOnlyMemory<byte> encoded, bool isEmpty)
    {
        Encoded = encoded;
        IsEmpty = isEmpty;
    }

    public ReadOnlyMemory<byte> Encoded { get; }

    public bool IsEmpty { get; }

    /// <summary>A text that is equal for equal names, for keys of sets.</summary>
    public string CanonicalText => string.Join('/', Canonical.Select(rdn => Convert.ToHexString(rdn)));

    // Written at most a few times with equal content, so a race is harmless.
    private byte[][] Canonical => _canonical ??= Canonicalize();

    /// <exception cref="AsnContentException">It is not a Name.</exception>
    public static DistinguishedName Read(ref DerReader reader)
    {
        var rdns = new DerReader(reader.Read(DerReader.Sequence, out var encoded));
        var isEmpty = !rdns.HasData;
        while (rdns.HasData)
        {
            var attributes = rdns.ReadInner(DerReader.Set);
            do
            {
                var attribute = attributes.ReadInner(DerReader.Sequence);

                // The length of the identifier takes one octet of what names are compared by.
                if (attribute.ReadOid().Length > MaxOidOctets)
                {
                    throw new AsnContentException("The type of an attribute is longer than any.");
                }

                attribute.ReadAny(out _, out _);
                attribute.End();
            }
            while (attributes.HasData);
        }

        return new DistinguishedName(encoded, isEmpty);
    }

    /// <summary>A name relative to this one: one more RDN at the end (RFC 5280 section 4.2.1.13).</summary>
    public DistinguishedName Append(ReadOnlyMemory<byte> rdnContent)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            var own = new DerReader(Encoded).ReadInner(DerReader.Sequence);
            while (own.HasData)
            {
                own.ReadAny(out _, out var rdn);
                writer.WriteEncodedValue(rdn.Span);
            }

            using (writer.PushSetOf())
            {
                var attributes = new DerReader(rdnContent);
                while (attributes.HasData)
                {
                    attributes.ReadAny(out _, out var attribute);
                    writer.WriteEncodedValue(attribute.Span);
                }
            }
        }

        var reader = new DerReader(writer.Encode());
        return Read(ref reader);
    }

    public bool Equals(DistinguishedName? other)
    {
        if (other is null)
        {
            return false;
        }

        return ReferenceEquals(this, other)
            || Encoded.Span.SequenceEqual(other.Encoded.Span)
            || (Canonical.Length == other.Canonical.Length && BeginsWith(other));
    }

    /// <summary>Whether the other name is an ancestor of this one, or the same (RFC 5280 section 7.1).</summary>
    public bool BeginsWith(DistinguishedName ancestor)
    {
        if (ancestor.Canonical.Length > Canonical.Length)
        {
            return false;
        }

        for (var i = 0; i < ancestor.Canonical.Length; i++)
        {
            if (!Canonical[i].AsSpan().SequenceEqual(ancestor.Canonical[i]))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as DistinguishedName);

    public override int GetHashCode()
    {
        if (_hash == 0)
        {
            var hash = default(HashCode);
            foreach (var rdn in Canonical)
            {
                hash.AddBytes(rdn);
            }

            _hash = hash.ToHashCode() | 1;
        }

        return _hash;
    }

    /// <summary>The values of one attribute that are text, in order.</summary>
    public IEnumerable<string> TextOf(byte[] oid) => ValuesOf(oid).OfType<string>();

    /// <summary>The values of one attribute, in order; null for one that is no text.</summary>
    public IEnumerable<string?> ValuesOf(byte[] oid) => AttributesOf(oid).Select(attribute => Decode(attribute.Tag, attribute.Value.Span));

    /// <summary>The types of the values of one attribute, in order.</summary>
    public IEnumerable<byte> TagsOf(byte[] oid) => AttributesOf(oid).Select(attribute => attribute.Tag);

    /// <summary>Whether every value that says it is text is text; what is not compares with nothing.</summary>
    public bool IsComparable()
    {
        var rdns = new DerReader(Encoded).ReadInner(DerReader.Sequence);
        while (rdns.HasData)
        {
            var attributes = rdns.ReadInner(DerReader.Set);
            while (attributes.HasData)
            {
                var attribute = attributes.ReadInner(DerReader.Sequence);
                attribute.ReadOid();
                var value = attribute.ReadAny(out var tag, out _).Span;
                if (!IsPlain(tag, value) && IsText(tag) && Decode(tag, value) is null)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>For messages; a name the platform cannot spell is given in hexadecimal.</summary>
    public override string ToString()
    {
        try
        {
            return new X500DistinguishedName(Encoded.Span).Name;
        }
        catch (CryptographicException)
        {
            return Convert.ToHexStringLower(Encoded.Span);
        }
    }

    private IEnumerable<(byte Tag, ReadOnlyMemory<byte> Value)> AttributesOf(byte[] oid)
    {
        var rdns = new DerReader(Encoded).ReadInner(DerReader.Sequence);
        while (rdns.HasData)
        {
            var attributes = rdns.ReadInner(DerReader.Set);
            while (attributes.HasData)
            {
                var attribute = attributes.ReadInner(DerReader.Sequence);
                var type = attribute.ReadOid();
                var value = attribute.ReadAny(out var tag, out _);
                if (type.Span.SequenceEqual(oid))
                {
                    yield return (tag, value);
                }
            }
        }
    }

    private static bool IsText(byte tag) =>
        tag is Utf8String or PrintableString or TeletexString or Ia5String or UniversalString or BmpString;

    private static bool IsPlain(byte tag, ReadOnlySpan<byte> value) =>
        tag is Utf8String or PrintableString or Ia5String && Ascii.IsValid(value);

    private static string? Decode(byte tag, ReadOnlySpan<byte> value)
    {
        try
        {
            return tag switch
            {
                Utf8String => StrictUtf8.GetString(value),
                PrintableString or Ia5String => Ascii.IsValid(value) ? Encoding.ASCII.GetString(value) : null,
                TeletexString => Encoding.Latin1.GetString(value),
                BmpString when value.Length % 2 == 0 => StrictUtf16.GetString(value),
                UniversalString when value.Length % 4 == 0 => new UTF32Encoding(bigEndian: true, byteOrderMark: false, throwOnInvalidCharacters: true).GetString(value),
                _ => null,
            };
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>RFC 4518 as far as ASCII goes: case folded, spaces trimmed and collapsed. Other characters compare as they are.</summary>
    private static byte[] Fold(ReadOnlySpan<byte> oid, ReadOnlySpan<byte> utf8)
    {
        var folded = new byte[oid.Length + 2 + utf8.Length];
        folded[0] = (byte)oid.Length;
        oid.CopyTo(folded.AsSpan(1));

        // Text of any type compares with text of any other; the mark keeps it apart from what is compared by octets.
        folded[oid.Length + 1] = Utf8String;
        var length = oid.Length + 2;
        foreach (var octet in utf8.Trim((byte)' '))
        {
            if (octet != ' ' || folded[length - 1] != ' ')
            {
                folded[length++] = octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
            }
        }

        return length == folded.Length ? folded : folded[..length];
    }

    private static byte[] Canonicalize(ref DerReader attribute)
    {
        var oid = attribute.ReadOid().Span;
        var value = attribute.ReadAny(out var tag, out var encoded).Span;
        if (IsPlain(tag, value))
        {
            return Fold(oid, value);
        }

        return Decode(tag, value) is { } text ? Fold(oid, Encoding.UTF8.GetBytes(text)) : [(byte)oid.Length, .. oid, .. encoded.Span];
    }

    private byte[][] Canonicalize()
    {
        var result = new List<byte[]>();
        var rdns = new DerReader(Encoded).ReadInner(DerReader.Sequence);
        while (rdns.HasData)
        {
            var parts = new List<byte[]>(1);
            var attributes = rdns.ReadInner(DerReader.Set);
            while (attributes.HasData)
            {
                var attribute = attributes.ReadInner(DerReader.Sequence);
                parts.Add(Canonicalize(ref attribute));
            }

            parts.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));

            // An identifier has a length, so the zero keeps several attributes apart from one that spells them.
            result.Add(parts.Count == 1 ? parts[0] : [0, .. parts.SelectMany(part => BitConverter.GetBytes(part.Length).Concat(part))]);
        }

        return [.. result];
    }
}
