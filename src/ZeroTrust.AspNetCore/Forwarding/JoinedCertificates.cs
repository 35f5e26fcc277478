using System.Formats.Asn1;

namespace ZeroTrust.AspNetCore.Forwarding;

/// <summary>Certificates that stand in one row of bytes, one behind the other.</summary>
internal static class JoinedCertificates
{
    /// <summary>Whether something stands behind the first value.</summary>
    public static bool IsJoined(ReadOnlySpan<byte> bytes) => LengthOfFirst(bytes) is { } first && first < bytes.Length;

    /// <summary>Cuts the bytes into their values; what is none stays with the last, to be refused with it.</summary>
    /// <param name="bytes">One or more values.</param>
    /// <param name="most">How many are taken at most; the rest is the last.</param>
    public static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> bytes, int most)
    {
        for (var i = 1; i < most && LengthOfFirst(bytes.Span) is { } length && length < bytes.Length; i++)
        {
            yield return bytes[..length];
            bytes = bytes[length..];
        }

        yield return bytes;
    }

    private static int? LengthOfFirst(ReadOnlySpan<byte> bytes) =>
        AsnDecoder.TryReadEncodedValue(bytes, AsnEncodingRules.DER, out var tag, out _, out _, out var length) && tag == Asn1Tag.Sequence
            ? length
            : null;
}
