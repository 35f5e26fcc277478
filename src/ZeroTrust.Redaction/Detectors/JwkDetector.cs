namespace ZeroTrust.Redaction.Detectors;

/// <summary>
/// A private member of a JSON Web Key (RFC 7518 section 6): its value alone, so that the public members and the JSON stay.
/// </summary>
internal readonly struct JwkDetector : IBuiltInDetector
{
    private const string Marker = "[private-key]";
    private const string KeyType = "kty";
    private const int Reach = 8192;
    private const int Shortest = 16;
    private const int LongestName = 2;

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        finding = default;
        if (text.IndexOf(KeyType, StringComparison.Ordinal) < 0)
        {
            return false;
        }

        for (var colon = from; text[colon..].IndexOf(':') is >= 0 and var found; colon++)
        {
            colon += found;
            if (IsPrivateName(text[..colon]) && Value(text, colon + 1) is (var start, >= Shortest and var length) && IsInKey(text, colon))
            {
                finding = new(start, length, Marker);
                return true;
            }
        }

        return false;
    }

    private static bool IsPrivateName(ReadOnlySpan<char> before)
    {
        before = before[Math.Max(0, before.Length - Shortest)..].TrimEnd(' ');
        if (before is not [.., '"'])
        {
            return false;
        }

        before = before[..^1].TrimEnd('\\');
        var quote = before.LastIndexOf('"');
        return quote >= 0
            && before.Length - quote - 1 <= LongestName
            && before[(quote + 1)..] is "d" or "p" or "q" or "dp" or "dq" or "qi" or "k";
    }

    private static (int Start, int Length) Value(ReadOnlySpan<char> text, int at)
    {
        var rest = text[at..];
        var quoted = rest.TrimStart(' ').TrimStart('\\');
        if (quoted is not ['"', ..])
        {
            return default;
        }

        var start = at + rest.Length - quoted.Length + 1;
        return (start, Characters.Run(text[start..], Characters.Base64Url));
    }

    /// <summary>Whether the object around the member says what type of key it is.</summary>
    private static bool IsInKey(ReadOnlySpan<char> text, int at)
    {
        var before = text[Math.Max(0, at - Reach)..at];
        var behind = text[at..Math.Min(text.Length, at + Reach)];
        var close = behind.IndexOf('}');
        before = before[Math.Max(0, before.LastIndexOf('{'))..];
        behind = close < 0 ? behind : behind[..close];
        return before.Contains(KeyType, StringComparison.Ordinal) || behind.Contains(KeyType, StringComparison.Ordinal);
    }
}
