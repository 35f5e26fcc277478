using System.Formats.Asn1;

namespace ZeroTrust.X509.Internal;

/// <summary>A CRLNumber or BaseCRLNumber (RFC 5280 section 5.2.3): a non-negative number.</summary>
/// <remarks>
/// Issuers keep to 20 octets, and tools that count up from a random number do not: one of 160 bits whose first is set takes 21. Numbers are
/// compared and nothing else, so a longer one does no harm.
/// </remarks>
internal readonly struct CrlNumber(ReadOnlyMemory<byte> value)
{
    private const int MaxOctets = 64;

    private readonly ReadOnlyMemory<byte> _value = value;

    /// <summary>Why it orders no CRLs, as the end of a sentence; null when it does.</summary>
    public string? Flaw => true switch
    {
        _ when _value.Span[0] >= 0x80 => "is negative",
        _ when _value.Length > MaxOctets => $"has more than {MaxOctets} octets",
        _ => null,
    };

    /// <exception cref="AsnContentException">It is none.</exception>
    public static CrlNumber Read(ReadOnlyMemory<byte> encoded)
    {
        var reader = new DerReader(encoded);
        var value = reader.ReadInteger();
        reader.End();
        return new CrlNumber(value);
    }

    /// <summary>Whether this number is lower, by however many octets it is encoded.</summary>
    public bool IsBelow(CrlNumber other)
    {
        // DER is minimal: a longer positive INTEGER is a greater one, and the octet of zero that keeps one positive counts like any other.
        var length = _value.Length;
        return length == other._value.Length ? _value.Span.SequenceCompareTo(other._value.Span) < 0 : length < other._value.Length;
    }
}
