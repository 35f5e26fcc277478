using System.Buffers;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>A compact JWS or JWE (RFC 7515, 7516), also without a signature: the claims are what must not leave.</summary>
internal sealed class JwtDetector : ITextDetector
{
    /// <summary>Base64url of the first characters of a JSON object.</summary>
    private const string Begin = "eyJ";
    private const int ShortestPart = 8;

    private static readonly SearchValues<char> Base64Url =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string Marker => "[jwt]";

    public static bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length)
    {
        length = 0;
        for (start = from; text[start..].IndexOf(Begin, StringComparison.Ordinal) is >= 0 and var found; start += length)
        {
            start += found;
            length = PartLength(text[start..]);
            var parts = 1;
            while (length >= ShortestPart && start + length < text.Length && text[start + length] == '.')
            {
                var part = PartLength(text[(start + length + 1)..]);
                if (part == 0 && parts < 2)
                {
                    break;
                }

                length += 1 + part;
                parts++;
            }

            if (parts > 1)
            {
                return true;
            }
        }

        return false;
    }

    private static int PartLength(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(Base64Url) is >= 0 and var end ? end : text.Length;
}
