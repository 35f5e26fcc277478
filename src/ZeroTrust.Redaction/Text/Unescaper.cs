using System.Buffers;
using System.Globalization;

namespace ZeroTrust.Redaction.Text;

/// <summary>How characters are written in a text that carries another.</summary>
[Flags]
internal enum Escapes
{
    None = 0,

    /// <summary>
    /// As in a string of JSON (RFC 8259 section 7) and of most languages: <c>\"</c>, <c>\n</c>, <c>\u0022</c>, <c>\x22</c>.
    /// </summary>
    Backslash = 1,

    /// <summary>As in markup: <c>&amp;quot;</c>, <c>&amp;#34;</c>, <c>&amp;#x22;</c>.</summary>
    Entity = 2,

    /// <summary>As in a URL (RFC 3986 section 2.1): <c>%22</c>.</summary>
    Percent = 4,
}

/// <summary>Reads escapes and remembers the place of each. What is no escape stays as it is.</summary>
internal static class Unescaper
{
    private const int LongestEntity = 8;
    private const char Found = '*';

    private static readonly (string Name, char Character)[] Entities =
        [("quot", '"'), ("apos", '\''), ("lt", '<'), ("gt", '>'), ("amp", '&'), ("nbsp", '\u00a0')];

    private static readonly SearchValues<string> Backslashes = SearchValues.Create(["\\\"", "\\'", "\\n", "\\r", "\\/", "\\u00", "\\x22", "\\\\"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Syntax = SearchValues.Create(
        ["\\n", "\\r", "\\\":", "\\\" :", "\\u0022:", "\\u0022 :", "&quot;:", "&quot; :", "&#34;:", "%22:", "%22%3A", "%22%20%3A", "%7B", "&lt;", "\\u003C", "\\x22:"], StringComparison.OrdinalIgnoreCase);

    /// <summary>The escapes there are in a text that nothing says the syntax of. A backslash alone is the divider of a path.</summary>
    public static Escapes In(ReadOnlySpan<char> text)
    {
        var escapes = Escapes.None;
        if (text.Contains('\\') && text.ContainsAny(Backslashes))
        {
            escapes |= Escapes.Backslash;
        }

        if (text.Contains('&') && HasEntity(text))
        {
            escapes |= Escapes.Entity;
        }

        if (text.Contains('%') && HasPercent(text))
        {
            escapes |= Escapes.Percent;
        }

        return escapes;
    }

    /// <summary>Whether quotes around names or line breaks are escaped: then the syntax is that of the text behind the escapes.</summary>
    public static bool HideSyntax(ReadOnlySpan<char> text) => text.ContainsAny(Syntax);

    /// <summary>Writes the characters and their places; one more place for the end. What was found already is one sign.</summary>
    /// <returns>How many characters there are.</returns>
    public static int Read(scoped in TextView view, int from, int to, Escapes escapes, scoped Span<char> characters, scoped Span<int> places, FindingList? found = null, int first = 0)
    {
        var text = view.Text[..to];
        var (count, last) = (0, found?.Count ?? 0);
        while (from < to)
        {
            if (found is not null && found.EndAround(ref first, last, view.PlaceOf(from)) is >= 0 and var end)
            {
                (characters[count], places[count]) = (Found, view.PlaceOf(from));
                count++;
                from = Math.Max(from + 1, view.IndexOf(end));
                continue;
            }

            var length = text[from] switch
            {
                '\\' when escapes.HasFlag(Escapes.Backslash) => Backslash(text[from..], out characters[count]),
                '&' when escapes.HasFlag(Escapes.Entity) => Entity(text[from..], out characters[count]),
                '%' when escapes.HasFlag(Escapes.Percent) => Percent(text[from..], out characters[count]),
                _ => 0,
            };
            if (length == 0)
            {
                characters[count] = text[from];
                length = 1;
            }

            places[count++] = view.PlaceOf(from);
            from += length;
        }

        places[count] = view.PlaceOf(to);
        return count;
    }

    private static int Backslash(ReadOnlySpan<char> text, out char character)
    {
        character = default;
        if (text.Length < 2)
        {
            return 0;
        }

        character = text[1] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', '"' or '\'' or '\\' or '/' => text[1], 'b' or 'f' => ' ', _ => '\0' };
        return character != '\0' ? 2
            : text[1] == 'u' ? Hex(text, start: 2, count: 4, out character)
            : text[1] == 'x' ? Hex(text, start: 2, count: 2, out character)
            : 0;
    }

    private static int Hex(ReadOnlySpan<char> text, int start, int count, out char character)
    {
        character = default;
        if (text.Length < start + count || !ushort.TryParse(text.Slice(start, count), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            return 0;
        }

        character = (char)code;
        return start + count;
    }

    private static int Entity(ReadOnlySpan<char> text, out char character)
    {
        character = default;
        var end = text[1..Math.Min(text.Length, 1 + LongestEntity)].IndexOf(';');
        if (end <= 0)
        {
            return 0;
        }

        var name = text.Slice(1, end);
        if (name[0] == '#')
        {
            var isHex = name.Length > 1 && name[1] is 'x' or 'X';
            if (!ushort.TryParse(name[(isHex ? 2 : 1)..], isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            {
                return 0;
            }

            character = (char)code;
            return end + 2;
        }

        foreach (var entity in Entities)
        {
            if (name.SequenceEqual(entity.Name))
            {
                character = entity.Character;
                return end + 2;
            }
        }

        return 0;
    }

    /// <summary>An octet of ASCII, or two that are one character of UTF-8; %B4 alone begins track 1 of a card.</summary>
    private static int Percent(ReadOnlySpan<char> text, out char character)
    {
        var length = Hex(text, start: 1, count: 2, out character);
        if (length == 0 || character < 0x80)
        {
            return length;
        }

        if (character is >= '\u00c2' and <= '\u00df' && text.Length >= 6 && text[3] == '%' && Hex(text[3..], start: 1, count: 2, out var second) > 0 && second is >= '\u0080' and <= '\u00bf')
        {
            character = (char)(((character & 0x1f) << 6) | (second & 0x3f));
            return 6;
        }

        return 0;
    }

    private static bool HasEntity(ReadOnlySpan<char> text)
    {
        for (var at = 0; text[at..].IndexOf('&') is >= 0 and var found; at++)
        {
            at += found;
            if (Entity(text[at..], out _) > 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasPercent(ReadOnlySpan<char> text)
    {
        for (var at = 0; text[at..].IndexOf('%') is >= 0 and var found; at++)
        {
            at += found;
            if (Percent(text[at..], out _) > 0)
            {
                return true;
            }
        }

        return false;
    }
}
