using System.Buffers;
using System.Buffers.Text;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>
/// A compact JWS or JWE (RFC 7515, 7516), also without a signature: the claims are what must not leave. Its proof is a first part that is base64url
/// of <c>{"alg":…}</c>. The same once more in base64, as some tools store it, counts too.
/// </summary>
internal readonly struct JwtDetector : IBuiltInDetector
{
    private const string Marker = "[jwt]";
    private const string EncodedBegin = "ZXlK";
    private const int ShortestPart = 8;
    private const int ShortestEncoded = 40;
    private const int ShortestEncodedWord = 12;
    private const int Quantum = 4;
    private const int Sample = 256;
    private const int EncryptedParts = 5;

    private static readonly SearchValues<string> Begins = SearchValues.Create(["eyJ", "eyAi", "ewog", "ewoJ", "ew0K", EncodedBegin], StringComparison.Ordinal);

    private static readonly SearchValues<byte> InnerCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."u8);

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var start = from; text[start..].IndexOfAny(Begins) is >= 0 and var found;)
        {
            start += found;
            var part = Characters.Run(text[start..], Characters.Base64Url);
            var length = text[start] == 'Z' ? EncodedLength(text[start..]) : Length(text[start..], part);
            if (length > 0)
            {
                finding = new(start, length, Marker);
                return true;
            }

            start += part;
        }

        finding = default;
        return false;
    }

    private static int Length(ReadOnlySpan<char> text, int length)
    {
        if (length < ShortestPart || !IsHeader(text[..length]))
        {
            return 0;
        }

        var (parts, filled) = (1, 1);
        while (parts < EncryptedParts && length < text.Length && text[length] == '.')
        {
            var part = Characters.Run(text[(length + 1)..], Characters.Base64Url);
            length += 1 + part;
            parts++;
            filled += part > 0 ? 1 : 0;
        }

        return filled > 1 ? length : 0;
    }

    /// <summary>A header has an <c>alg</c> (RFC 7515 section 4.1.1), and is a whole object.</summary>
    private static bool IsHeader(ReadOnlySpan<char> part)
    {
        Span<byte> json = stackalloc byte[Sample];
        var begin = part[..Math.Min(part.Length & ~3, Sample)];
        var names = json[..Decode(begin, json)];
        if (names.IndexOf("\"alg\""u8) < 0 && begin.Length < Sample)
        {
            return false;
        }

        var tail = part[^(part.Length % Quantum is 0 ? Quantum : part.Length % Quantum)..];
        var end = json[..Decode(tail, json)];
        return end.TrimEnd("\r\n "u8).EndsWith("}"u8);
    }

    private static int Decode(ReadOnlySpan<char> part, Span<byte> json) =>
        part.Length > 1 && Base64Url.DecodeFromChars(part, json, out _, out var written) == OperationStatus.Done ? written : 0;

    private static int EncodedLength(ReadOnlySpan<char> text)
    {
        var length = Characters.Run(text, Characters.Base64);
        Span<byte> begin = stackalloc byte[ShortestEncoded];
        return length >= ShortestEncoded
            && Characters.Run(text, Characters.Alphanumeric) >= ShortestEncodedWord
            && Convert.TryFromBase64Chars(text[..ShortestEncoded], begin, out var written)
            && !begin[..written].ContainsAnyExcept(InnerCharacters)
            ? length
            : 0;
    }
}
