using System.Collections.Frozen;
using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Text;

/// <summary>What a list of pairs is written in.</summary>
internal enum PairList
{
    /// <summary>Words of a line: <c>user=app password=… host=pg</c>.</summary>
    Words,

    /// <summary>A connection string: <c>Host=pg;Password=…</c>.</summary>
    Semicolons,

    /// <summary>A form or a query: <c>user=app&amp;password=…</c>.</summary>
    Form,

    /// <summary>Members with quoted names, or of an object that was written out: <c>{ Name = x, Password = … }</c>.</summary>
    Members,
}

/// <summary>Tells the list from what stands around one of its pairs.</summary>
internal static class PairLists
{
    private const int LongestName = 64;

    /// <summary>What the names begin with that providers write with spaces.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> FirstWords = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "user", "integrated", "initial", "data", "trusted", "trust", "connect", "connection", "application", "persist", "multiple",
        "network", "packet", "workstation", "load", "min", "max",
        "minimum", "maximum", "command", "ssl", "server", "allow", "default", "old", "convert", "character", "treat", "use", "failover",
        "current", "attach", "column", "transaction",
        "type", "search", "client", "root", "keepalive", "read", "write", "include", "socket", "internal", "tcp", "no", "target",
        "kerberos", "multi", "address", "account", "shared").GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="before">What stands in front of the name in its line.</param>
    /// <param name="line">The value and what follows it in the line.</param>
    /// <param name="colon">Whether the sign is a colon.</param>
    public static PairList Of(ReadOnlySpan<char> before, ReadOnlySpan<char> line, bool colon)
    {
        var previous = before.TrimEnd(" \t");
        if (!colon && previous is [.., ';'] && previous.Contains('='))
        {
            return PairList.Semicolons;
        }

        if (!colon && previous is [.., '&' or '?'] && previous.Length == before.Length)
        {
            return PairList.Form;
        }

        if (previous is [.., '{' or '(' or '['])
        {
            return PairList.Members;
        }

        // Words stand in front of it already.
        return colon || (before is [.., ' '] && before.Contains('=') && !before.Contains(';')) ? PairList.Words : Ahead(line);
    }

    /// <summary>Whether a name and a sign stand here.</summary>
    /// <param name="text">The text from here on.</param>
    /// <param name="colon">Whether a colon is a sign too.</param>
    /// <param name="isDivided">Whether more than a sign of its own divides it from what stands before.</param>
    /// <param name="isMember">Whether no space has to follow a colon, as in the dump of an object.</param>
    public static bool BeginsPair(ReadOnlySpan<char> text, bool colon, bool isDivided, bool isMember = false)
    {
        if (!isDivided || text.IsEmpty || !(char.IsAsciiLetter(text[0]) || text[0] is '_' or '"' or '\'' or '@' or '$' or '-'))
        {
            return false;
        }

        var quote = text[0] is '"' or '\'' ? 1 : 0;
        var name = Characters.Run(text[quote..Math.Min(text.Length, LongestName)], Characters.Name);
        var end = (2 * quote) + name;
        end += text[Math.Min(end, text.Length)..] is [' ', '=' or ':', ..] ? 1 : 0;
        return name > 0 && end < text.Length && (text[end] == '=' ? text[(end + 1)..] is not ['=', ..] : colon && text[end] == ':' && (end + 1 == text.Length || isMember || text[end + 1] is ' ' or '\t' or '"'));
    }

    /// <summary>The innermost bracket or quote that is open in front of a pair; <c>\0</c> where none is.</summary>
    public static char Opening(ReadOnlySpan<char> before)
    {
        Span<char> open = stackalloc char[16];
        var depth = 0;
        for (var i = 0; i < before.Length; i++)
        {
            var character = before[i];
            if (character is '"' or '\'' or '`')
            {
                // An apostrophe within a word opens nothing.
                if (character == '\'' && i > 0 && i + 1 < before.Length && char.IsLetterOrDigit(before[i - 1]) && char.IsLetterOrDigit(before[i + 1]))
                {
                    continue;
                }

                var same = open[..depth].LastIndexOf(character);
                depth = same >= 0 ? same : Push(open, depth, character);
            }
            else if (character is '(' or '[' or '{')
            {
                depth = Push(open, depth, character);
            }
            else if (character is ')' or ']' or '}')
            {
                var same = open[..depth].LastIndexOf(character switch { ')' => '(', ']' => '[', _ => '{' });
                depth = same >= 0 ? same : depth;
            }
        }

        return depth == 0 ? '\0' : open[depth - 1];
    }

    private static int Push(Span<char> open, int depth, char character)
    {
        if (depth == open.Length)
        {
            open[1..].CopyTo(open);
            depth--;
        }

        open[depth] = character;
        return depth + 1;
    }

    /// <summary>By what divides the value from the next pair.</summary>
    private static PairList Ahead(ReadOnlySpan<char> line)
    {
        for (var at = 0; line[at..].IndexOfAny(";& ,") is >= 0 and var found; at++)
        {
            at += found;
            var behind = line[(at + 1)..];
            if (line[at] == ';')
            {
                if (behind.TrimStart(' ') is var rest && (rest.IsEmpty || BeginsNamed(rest)))
                {
                    return PairList.Semicolons;
                }
            }
            else if (line[at] == '&')
            {
                if (BeginsPair(behind, colon: false, isDivided: true))
                {
                    return PairList.Form;
                }
            }
            else if (BeginsPair(behind.TrimStart(' '), colon: false, isDivided: true))
            {
                return PairList.Words;
            }
        }

        return PairList.Words;
    }

    /// <summary>A name of a connection string, which may be of several words: <c>Integrated Security=</c>.</summary>
    private static bool BeginsNamed(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, LongestName)];
        var end = text.IndexOfAnyExcept(Characters.SpacedName);
        return end > 0 && text[end] == '=' && char.IsAsciiLetter(text[0]) && (text[..end].IndexOf(' ') is var space && (space < 0 || FirstWords.Contains(text[..space])));
    }
}
