using System.Buffers;
using ZeroTrust.Redaction.Names;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>The credentials behind an authentication scheme (RFC 9110 section 11.4). The scheme stays.</summary>
internal readonly struct CredentialsDetector : IBuiltInDetector
{
    private const string Marker = "[credentials]";
    private const int ShortestToken = 8;
    private const int ShortestTicket = 16;
    private const int Sample = 256;

    private static readonly SearchValues<string> Schemes = SearchValues.Create(
        ["bearer ", "basic ", "dpop ", "negotiate ", "ntlm ", "apikey ", "api-token ", "bearer%20", "basic%20", "bearer+", "bearer: "], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> SchemeEnd = SearchValues.Create(" %+");

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var start = from; text[start..].IndexOfAny(Schemes) is >= 0 and var found;)
        {
            start += found;
            var isBasic = text[start..].StartsWith("basic", StringComparison.OrdinalIgnoreCase);
            var isTicket = text[start] is 'n' or 'N';
            start += text[start..].IndexOfAny(SchemeEnd);
            start += text[start] == '%' ? "%20".Length : 1;
            start += text[start..].IndexOfAnyExcept(' ') is >= 0 and var spaces ? spaces : text.Length - start;
            var length = Characters.Run(text[start..], Characters.Dotted);
            if (isTicket && length < ShortestTicket)
            {
                continue;
            }

            if (isBasic ? IsUserAndPassword(text.Slice(start, length)) : IsToken(text.Slice(start, length)))
            {
                finding = new(start, length, Marker);
                return true;
            }
        }

        finding = default;
        return false;
    }

    /// <summary>An ordinary word such as in "bearer authentication failed." is not a token, nor is a name that stands for one: <c>API_KEY</c>.</summary>
    private static bool IsToken(ReadOnlySpan<char> token) =>
        token.Length >= ShortestToken && token.ContainsAny(Characters.Letters)
        && (token.ContainsAny(Characters.Decimal) || (token.ContainsAny(Characters.LowerLetters) && token[1..].ContainsAny(Characters.UpperLetters) && !SecretValue.IsWords(token)));

    private static bool IsUserAndPassword(ReadOnlySpan<char> token)
    {
        // A sample shows whether it is base64 of something with a colon; longer ones are no words anyway.
        Span<byte> bytes = stackalloc byte[Sample];
        var sample = token[..Math.Min(token.Length, Sample)];
        return Convert.TryFromBase64Chars(sample, bytes, out var written) ? bytes[..written].Contains((byte)':') || IsToken(token) : IsToken(token);
    }
}
