using System.Formats.Asn1;

namespace ZeroTrust.X509.Internal;

/// <summary>A CRLNumber or BaseCRLNumber (RFC 5280 section 5.2.3): a non-negative number of up to 20 octets.</summary>
internal readonly struct CrlNumber(ReadOnlyMemory<byte> value)
{
    private const int MaxOctets = 20;

    private readonly ReadOnlyMemory<byte> _value = value;

    /// <exception cref="AsnContentException">It is none.</exception>
    public static CrlNumber Read(ReadOnlyMemory<byte> encoded)
    {
        var reader = new DerReader(encoded);
        var value = reader.ReadInteger();
        reader.End();
        return value.Length <= MaxOctets && value.Span[0] < 0x80
            ? new CrlNumber(value)
            : throw new AsnContentException("A CRL number is negative or longer than 20 octets.");
    }

    /// <summary>Whether this number is lower, by however many octets it is encoded.</summary>
    public bool IsBelow(CrlNumber other)
    {
        // DER is minimal: a longer positive INTEGER is a greater one, and the octet of zero that keeps one positive counts like any other.
        var length = _value.Length;
        return length == other._value.Length ? _value.Span.SequenceCompareTo(other._value.Span) < 0 : length < other._value.Length;
    }
}
