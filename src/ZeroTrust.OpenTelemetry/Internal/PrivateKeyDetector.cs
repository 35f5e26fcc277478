namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>A PEM private key (RFC 7468), to its end line or, when that was cut off, to the end of the text.</summary>
internal sealed class PrivateKeyDetector : ITextDetector
{
    private const string Begin = "-----BEGIN ";
    private const string Label = "PRIVATE KEY";
    private const string End = "-----END ";
    private const string Dashes = "-----";
    private const int MaxLabel = 40;

    public static string Marker => "[private-key]";

    public static bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length)
    {
        length = 0;
        for (start = from; text[start..].IndexOf(Begin, StringComparison.Ordinal) is >= 0 and var found; start++)
        {
            start += found;
            var rest = text[(start + Begin.Length)..];
            if (rest[..Math.Min(rest.Length, MaxLabel)].Contains(Label, StringComparison.Ordinal))
            {
                length = Begin.Length + EndOf(rest);
                return true;
            }
        }

        return false;
    }

    private static int EndOf(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(End, StringComparison.Ordinal);
        if (end < 0)
        {
            return rest.Length;
        }

        var dashes = rest[(end + End.Length)..].IndexOf(Dashes, StringComparison.Ordinal);
        return dashes < 0 ? rest.Length : end + End.Length + dashes + Dashes.Length;
    }
}
