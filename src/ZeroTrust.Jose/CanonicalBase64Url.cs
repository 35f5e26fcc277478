using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace ZeroTrust.Jose;

/// <summary>Base64url as JOSE writes it (RFC 7515 section 2): no padding, no white space, one spelling for each value.</summary>
/// <remarks>The platform's decoder is lenient. A second spelling of the same bytes would pass a signature and miss a cache, a deny-list or a hash.</remarks>
public static class CanonicalBase64Url
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    /// <summary>Encodes without padding.</summary>
    /// <param name="bytes">The bytes.</param>
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>Decodes the one canonical spelling; never throws.</summary>
    /// <param name="text">The text; empty decodes to no bytes.</param>
    /// <param name="bytes">The bytes, when the text is canonical.</param>
    /// <returns>Whether the text is canonical base64url.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.ContainsAnyExcept(Characters) || text.Length % 4 == 1 || !HasNoSpareBits(text))
        {
            return false;
        }

        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }

    /// <summary>Finds what keeps text from being canonical, in words that do not repeat the text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>What is wrong, for a log; null when the text is canonical.</returns>
    public static string? FindFault(ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyExcept(Characters))
        {
            return text.ContainsAny('\r', '\n') || text.ContainsAny(' ', '\t') ? "it holds white space"
                : text.ContainsAny('+', '/') ? "it holds + or /, which are base64"
                : text.Contains('=') ? "it is padded with ="
                : "it holds a character outside of A-Z a-z 0-9 - _";
        }

        return text.Length % 4 == 1 ? "no bytes have that number of characters"
            : HasNoSpareBits(text) ? null
            : "the unused bits of its last character are not zero";
    }

    private static bool HasNoSpareBits(ReadOnlySpan<char> text) => (text.Length % 4) switch
    {
        2 => (Alphabet.IndexOf(text[^1], StringComparison.Ordinal) & 0b1111) == 0,
        3 => (Alphabet.IndexOf(text[^1], StringComparison.Ordinal) & 0b0011) == 0,
        _ => true,
    };
}
