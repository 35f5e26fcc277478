using System.Buffers;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>The credentials behind an authentication scheme (RFC 9110 section 11.4). The scheme stays.</summary>
internal sealed class CredentialsDetector : ITextDetector
{
    private const int ShortestToken = 8;

    private static readonly SearchValues<string> Schemes =
        SearchValues.Create(["bearer ", "basic ", "dpop ", "negotiate ", "apikey "], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> Token68 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    public static string Marker => "[credentials]";

    public static bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length)
    {
        (start, length) = (from, 0);
        if (!text[from..].Contains(' '))
        {
            return false;
        }

        for (; text[start..].IndexOfAny(Schemes) is >= 0 and var found; start += length)
        {
            start += found;
            var isBasic = text[start..].StartsWith("basic", StringComparison.OrdinalIgnoreCase);
            start += text[start..].IndexOf(' ');
            start += text[start..].IndexOfAnyExcept(' ') is >= 0 and var spaces ? spaces : text.Length - start;
            length = text[start..].IndexOfAnyExcept(Token68) is >= 0 and var end ? end : text.Length - start;
            if (isBasic ? IsUserAndPassword(text.Slice(start, length)) : IsToken(text.Slice(start, length)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An ordinary word such as in "bearer authentication failed." is not a token.</summary>
    private static bool IsToken(ReadOnlySpan<char> token) =>
        token.Length >= ShortestToken && token[1..].TrimEnd('.').ContainsAnyExceptInRange('a', 'z');

    private static bool IsUserAndPassword(ReadOnlySpan<char> token)
    {
        var bytes = new byte[token.Length];
        return Convert.TryFromBase64Chars(token, bytes, out var written) ? bytes.AsSpan(0, written).Contains((byte)':') : IsToken(token);
    }
}
