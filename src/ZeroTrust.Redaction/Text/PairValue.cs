using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using ZeroTrust.Redaction.Detectors;
using ZeroTrust.Redaction.Names;

namespace ZeroTrust.Redaction.Text;

/// <summary>The value of a pair.</summary>
/// <param name="Start">Where it begins, behind spaces and quotes.</param>
/// <param name="Length">How long it is; 0 where there is none.</param>
/// <param name="Evidence">How sure it is that this is the value.</param>
/// <param name="IsCut">Whether no end was found in as many characters as are looked at: then it goes on to the end of its line.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PairValue(int Start, int Length, Evidence Evidence, bool IsCut = false)
{
    private const int MaxLine = 4096;
    private const int MaxBefore = 512;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> OneCredential =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "bearer", "basic", "token", "dpop", "negotiate", "ntlm", "apikey", "key").GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\r\n");
    private static readonly SearchValues<char> FormEnds = SearchValues.Create("&# \t\r\n\"<>");
    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\r\n,;\"'`<>&");
    private static readonly SearchValues<char> EntryEnds = SearchValues.Create(",;)]}>");
    private static readonly SearchValues<char> SpaceEnds = SearchValues.Create(" \t");
    private static readonly SearchValues<char> Dividers = SearchValues.Create(" \t,;&|");

    /// <summary>Where it ends; of one that was cut, where its line does.</summary>
    public int EndIn(ReadOnlySpan<char> text)
    {
        var end = Start + Length;
        return !IsCut ? end : text[end..].IndexOfAny(LineEnds) is >= 0 and var rest ? end + rest : text.Length;
    }

    /// <summary>Finds the value behind a name, by the syntax of the list they stand in.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where the text begins that may be looked at.</param>
    /// <param name="name">The name.</param>
    /// <param name="sign">Where the sign is.</param>
    /// <param name="start">Where the sign ends.</param>
    public static PairValue Find(ReadOnlySpan<char> text, int from, in PairName name, int sign, int start)
    {
        while (start < text.Length && text[start] is ' ' or '\t')
        {
            start++;
        }

        var line = text[start..Math.Min(text.Length, start + MaxLine)];
        line = line.IndexOfAny(LineEnds) is >= 0 and var lineEnd ? line[..lineEnd] : line;
        var whole = line.Length == MaxLine ? start + MaxLine : -1;
        if (line.IsEmpty)
        {
            return default;
        }

        if (SecretValue.IsMarked(line))
        {
            return default;
        }

        var annotations = Annotations(line);
        start += annotations;
        line = line[annotations..];
        if (line.IsEmpty)
        {
            return default;
        }

        var colon = text[sign] == ':';
        var before = text[Math.Max(from, name.Start - MaxBefore)..name.Start];
        before = before[(before.LastIndexOfAny(LineEnds) + 1)..];
        var list = name.Quote != '\0' ? PairList.Members : PairLists.Of(before, line, colon);
        var evidence = list is PairList.Semicolons or PairList.Form ? Evidence.List
            : list == PairList.Members || name.Quote != '\0' ? Evidence.Member
            : !colon ? Evidence.Pair
            : IsLine(before, text, start, line.Length) ? Evidence.Pair
            : Evidence.Prose;

        // b'…' of Python, N'…' of SQL, @"…" of C#.
        var prefix = line.Length > 1 && line[1] is '"' or '\'' && char.IsAsciiLetter(line[0]) | line[0] is '@' or '$' ? 1 : 0;
        if (line[prefix] is '"' or '\'' or '`')
        {
            var quoted = line[(prefix + 1)..];
            var close = QuotedEnd(quoted, line[prefix], isMember: name.Quote != '\0', list);
            if (close >= 0 || name.Quote != '\0')
            {
                return new(start + prefix + 1, close < 0 ? quoted.Length : close, evidence == Evidence.Prose ? Evidence.Pair : evidence, close < 0 && whole >= 0);
            }
        }

        var end = list switch
        {
            PairList.Semicolons => line[0] == '{' && BraceEnd(line) is > 0 and var brace ? brace : SemicolonEnd(line, before),
            PairList.Form => line.IndexOfAny(FormEnds),
            _ when text[sign] is ',' or ';' => line.IndexOfAny(EntryEnds),
            _ when IsArgument(text, from, name, colon) => line.IndexOfAny(SpaceEnds),
            _ when name.Kind == SecretKind.Line && colon => LineEnd(line, before),
            _ when name.Kind is SecretKind.Random or SecretKind.Code => WordEnd(line, before),
            _ => NextPair(line, colon, before, isMember: list == PairList.Members || (colon && text[sign + 1] is not (' ' or '\t'))),
        };
        end = end < 0 ? line.Length : end;
        var inner = list == PairList.Semicolons && line[0] == '{' && end > 1 && line[end - 1] == '}' ? 1 : 0;
        return new(start + inner, line[..end].TrimEnd(" \t").Length - (2 * inner), evidence, start + end == whole);
    }

    /// <summary>
    /// How long the types are that stand in front of a value in some dumps, and the openings of texts of other languages.
    /// </summary>
    private static int Annotations(ReadOnlySpan<char> line)
    {
        var rest = line;
        while (rest is ['(', ..] && rest.IndexOf(')') is > 0 and var end && end + 1 < rest.Length && rest[end + 1] == ' ')
        {
            rest = rest[(end + 1)..].TrimStart(' ');
        }

        rest = rest.StartsWith("<<\"") ? rest[2..] : rest;
        if (rest.StartsWith("s:") && Characters.Run(rest[2..], Characters.Decimal) is > 0 and var digits && rest[(2 + digits)..] is [':', '"', ..])
        {
            rest = rest[(3 + digits)..];
        }

        return line.Length - rest.Length;
    }

    /// <summary>An argument of a command line, or a variable in front of a command: its value is a word.</summary>
    private static bool IsArgument(ReadOnlySpan<char> text, int from, in PairName name, bool colon)
    {
        if (colon)
        {
            return false;
        }

        var word = name.Start - Characters.RunBack(text[from..name.Start], Characters.Argument, SecretName.MaxLength);
        return text[name.Start] == '-' || (word < name.Start && text[word] == '-') || !text[name.Start..name.End].ContainsAny(Characters.LowerLetters)
            || text[from..word].TrimEnd(' ') is [.., '-', 'e' or 'E' or 'P' or 'D'];
    }

    /// <summary>Whether the pair is a line of its own among others, as a header or a line of YAML.</summary>
    private static bool IsLine(ReadOnlySpan<char> before, ReadOnlySpan<char> text, int start, int length) =>
        before.Trim(" \t-><*#").IsEmpty && (text.ContainsAny(LineEnds) || !text.Slice(start, length).ContainsAny(' ', ','));

    /// <summary>
    /// A quote that is doubled is part of the value (ADO.NET, SQL); so is one behind a backslash (JSON, most languages), where another
    /// follows.
    /// </summary>
    private static int QuotedEnd(ReadOnlySpan<char> value, char quote, bool isMember, PairList list)
    {
        for (var end = 0; value[end..].IndexOf(quote) is >= 0 and var found; end++)
        {
            end += found;
            var isEscaped = Backslashes(value[..end]) % 2 == 1 && (isMember || (list != PairList.Semicolons && value[(end + 1)..].Contains(quote)));
            var isDoubled = !isMember && end + 1 < value.Length && value[end + 1] == quote;
            if (!isEscaped && !isDoubled)
            {
                return end;
            }

            end += isDoubled ? 1 : 0;
        }

        return -1;
    }

    private static int Backslashes(ReadOnlySpan<char> text) => text.Length - 1 - text.LastIndexOfAnyExcept('\\');

    /// <summary>A value of ODBC in braces, in which a closing one is doubled.</summary>
    private static int BraceEnd(ReadOnlySpan<char> line)
    {
        for (var end = 1; line[end..].IndexOf('}') is >= 0 and var found; end += 2)
        {
            end += found;
            if (end + 1 == line.Length || line[end + 1] != '}')
            {
                return end + 1;
            }

            if (end + 2 > line.Length)
            {
                break;
            }
        }

        return 0;
    }

    private static int SemicolonEnd(ReadOnlySpan<char> line, ReadOnlySpan<char> before)
    {
        var end = line.IndexOf(';');
        var value = end < 0 ? line : line[..end];
        var closing = Closing(value, before, behindIsText: true);
        return closing >= 0 ? closing : value.Length;
    }

    /// <summary>
    /// The end of a header: that of its line, of the quotes around it, of the one credential of a scheme, or where a comma leads to the
    /// next.
    /// </summary>
    private static int LineEnd(ReadOnlySpan<char> line, ReadOnlySpan<char> before)
    {
        if (line.IndexOf(' ') is > 0 and var space && OneCredential.Contains(line[..space]))
        {
            var rest = line[space..].TrimStart(' ');
            var skipped = line.Length - rest.Length;
            line = rest.IndexOfAny(" \t,\"'") is > 0 and var word && rest[word - 1] != '=' | word + 1 == rest.Length | rest[word] == ' ' ? line[..(skipped + word)] : line;
        }

        for (var at = 0; line[at..].IndexOf(", ", StringComparison.Ordinal) is >= 0 and var found; at++)
        {
            at += found;
            if (PairLists.BeginsPair(line[(at + 2)..], colon: true, isDivided: true) && line[(at + 2)..].IndexOfAny('=', ':') is var sign && line[at + 2 + sign] == ':')
            {
                line = line[..at];
                break;
            }
        }

        var closing = Closing(line, before, behindIsText: true);
        return closing >= 0 ? closing : line.Length;
    }

    private static int WordEnd(ReadOnlySpan<char> line, ReadOnlySpan<char> before)
    {
        var end = line.IndexOfAny(WordEnds);
        var word = end < 0 ? line : line[..end];
        var closing = Closing(word, before, behindIsText: true);
        return closing >= 0 ? closing : word.TrimEnd(".:)]}").Length;
    }

    /// <summary>Where the next pair begins, less what divides them; else what closes around the list, else the end of the line.</summary>
    private static int NextPair(ReadOnlySpan<char> line, bool colon, ReadOnlySpan<char> before, bool isMember)
    {
        var end = line.Length;
        for (var at = 0; line[at..].IndexOfAny(Dividers) is >= 0 and var found;)
        {
            at += found;
            var name = at + line[at..].IndexOfAnyExcept(Dividers);
            if (name < at)
            {
                break;
            }

            if (PairLists.BeginsPair(line[name..], colon, isDivided: line[at..name].ContainsAny(" \t,"), isMember))
            {
                end = at;
                break;
            }

            at = name;
        }

        var value = line[..end];
        var closing = Closing(value, before, behindIsText: end == line.Length);
        return closing >= 0 ? closing : end;
    }

    /// <summary>Where the bracket or quote closes that was opened in front of the pair; negative where none does.</summary>
    private static int Closing(ReadOnlySpan<char> value, ReadOnlySpan<char> before, bool behindIsText)
    {
        var opening = PairLists.Opening(before);
        var closing = opening switch { '(' => ')', '[' => ']', '{' => '}', '<' => '>', _ => opening };
        if (opening == '\0')
        {
            return -1;
        }

        var inner = 0;
        for (var at = 0; value[at..].IndexOfAny(opening, closing) is >= 0 and var found; at++)
        {
            at += found;
            if (opening != closing && (value[at] == opening || inner > 0))
            {
                inner += value[at] == opening ? 1 : -1;
                continue;
            }

            var behind = value[(at + 1)..];
            if ((behind.IsEmpty || !char.IsLetterOrDigit(behind[0])) && (behindIsText || behind.Trim(" \t.,;:)]}'\"").IsEmpty))
            {
                return value[..at].TrimEnd(" \t").Length;
            }
        }

        return -1;
    }
}
