using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>
/// A private key in a text armour (RFC 7468, OpenPGP, SSH2), to its end line or, when that was cut off, to the end of the text; of a key of
/// PuTTY the private lines.
/// </summary>
internal readonly struct PrivateKeyDetector : IBuiltInDetector
{
    private const string Marker = "[private-key]";
    private const string Begin = "BEGIN ";
    private const string Label = "PRIVATE KEY";
    private const string End = "END ";
    private const string Putty = "Private-Lines:";
    private const string PuttyEnd = "Private-MAC:";
    private const int MaxLabel = 48;

    private static readonly SearchValues<string> Begins = SearchValues.Create(["--BEGIN ", "-- BEGIN ", Putty], StringComparison.Ordinal);

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var at = from; text[at..].IndexOfAny(Begins) is >= 0 and var found; at++)
        {
            at += found;
            var start = at - Dashes(text[from..at], fromEnd: true);
            var length = text[at..].StartsWith(Putty, StringComparison.Ordinal) ? PuttyLength(text[start..]) : Length(text[start..]);
            if (length > 0)
            {
                finding = new(start, length, Marker);
                return true;
            }
        }

        finding = default;
        return false;
    }

    private static int Length(ReadOnlySpan<char> text)
    {
        var label = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var labelled = text[label..Math.Min(text.Length, label + MaxLabel)].IndexOf(Label, StringComparison.Ordinal);
        if (labelled < 0)
        {
            return 0;
        }

        var body = label + labelled + Label.Length;
        body += text[body..].StartsWith(" BLOCK", StringComparison.Ordinal) ? " BLOCK".Length : 0;
        body += Dashes(text[body..].TrimStart(' '), fromEnd: false);
        var end = text[body..].IndexOf(End, StringComparison.Ordinal);
        if (end < 0)
        {
            return text.Length;
        }

        // Both lines without a key between them are talk about keys.
        if (!text.Slice(body, end).ContainsAny(Characters.Alphanumeric))
        {
            return 0;
        }

        end += body + End.Length;
        var dashes = text[end..].IndexOf("--", StringComparison.Ordinal);
        return dashes < 0 ? text.Length : end + dashes + Dashes(text[(end + dashes)..], fromEnd: false);
    }

    private static int PuttyLength(ReadOnlySpan<char> text)
    {
        var mac = text.IndexOf(PuttyEnd, StringComparison.Ordinal);
        var end = mac < 0 ? -1 : text[mac..].IndexOfAny("\r\n\\\"");
        return end < 0 ? text.Length : mac + end;
    }

    private static int Dashes(ReadOnlySpan<char> text, bool fromEnd)
    {
        var others = fromEnd ? text.LastIndexOfAnyExcept('-') : text.IndexOfAnyExcept('-');
        return fromEnd ? text.Length - 1 - others : others < 0 ? text.Length : others;
    }
}
