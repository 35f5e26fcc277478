using System.Buffers;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>The value behind a telling name: <c>Password=…;</c>, <c>"client_secret": "…"</c>, <c>Cookie: …</c> to the end of the line.</summary>
internal sealed class NamedSecretDetector : ITextDetector
{
    private static readonly string[] HeaderNames = ["authorization", "cookie", "txn-token", "txn-chain", "txn-certs"];

    private static readonly string[] Names =
    [
        "password", "passwd", "pwd", "passphrase", "secret", "token", "apikey", "api_key", "api-key", "accesskey", "access_key", "accountkey",
        "sharedaccesskey", "sharedaccesssignature", "private_key", "privatekey",
    ];

    private static readonly SearchValues<string> AllNames = SearchValues.Create([.. HeaderNames, .. Names], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<char> ValueEnd = SearchValues.Create(";&,\"'<>)}] \t\r\n");

    public static string Marker => "[secret]";

    public static bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length)
    {
        (start, length) = (from, 0);
        if (text[from..].IndexOfAny('=', ':') < 0)
        {
            return false;
        }

        while (text[start..].IndexOfAny(AllNames) is >= 0 and var found)
        {
            start += found;
            var name = LongestNameAt(text[start..], out var toEndOfLine);
            start += name;
            var valueAt = ValueOf(text[start..]);
            if (valueAt > 0)
            {
                start += valueAt;
                length = LengthOf(text[start..], text[start - 1], toEndOfLine);
                if (length > 0 && !text[start..].StartsWith(Marker, StringComparison.Ordinal))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static int LongestNameAt(ReadOnlySpan<char> text, out bool toEndOfLine)
    {
        var header = LongestAt(text, HeaderNames);
        var name = LongestAt(text, Names);
        toEndOfLine = header > name;
        return Math.Max(header, name);
    }

    private static int LongestAt(ReadOnlySpan<char> text, string[] names)
    {
        var longest = 0;
        foreach (var name in names)
        {
            if (name.Length > longest && text.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                longest = name.Length;
            }
        }

        return longest;
    }

    /// <summary>Where the value begins behind a closing quote, the sign, spaces and an opening quote; 0 when no sign follows the name.</summary>
    private static int ValueOf(ReadOnlySpan<char> text)
    {
        var at = Skip(text, 0, "\"'\\ ");
        if (at >= text.Length || text[at] is not ('=' or ':'))
        {
            return 0;
        }

        at = Skip(text, at + 1, "> ");
        return Skip(text, at, "\"'\\");
    }

    private static int Skip(ReadOnlySpan<char> text, int at, string characters) =>
        text[at..].IndexOfAnyExcept(characters) is >= 0 and var skipped ? at + skipped : text.Length;

    private static int LengthOf(ReadOnlySpan<char> value, char before, bool toEndOfLine)
    {
        var end = before is '"' or '\'' ? value.IndexOfAny(before, '\r', '\n')
            : toEndOfLine ? value.IndexOfAny('\r', '\n')
            : value.IndexOfAny(ValueEnd);
        return end < 0 ? value.Length : end;
    }
}
