using System.Buffers;
using ZeroTrust.Redaction.Detectors;
using ZeroTrust.Redaction.Names;

namespace ZeroTrust.Redaction.Text;

/// <summary>
/// Names with a sign and a value behind it, whatever list they stand in: connection strings, forms, headers, log lines, dumps of
/// objects, YAML, environment
/// variables. A value ends where the syntax of its list says.
/// </summary>
internal static class PairReader
{
    public const string Marker = "[secret]";

    private const int MaxGap = 16;
    private const int MaxWords = 3;
    private const int Sample = 256;

    private static readonly SearchValues<char> Signs = SearchValues.Create("=:,;");
    private static readonly SearchValues<string> WordsBefore = SearchValues.Create(["key", "code", "phrase", "id", "signature", "token"], StringComparison.OrdinalIgnoreCase);

    /// <param name="view">The text.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="first">The first finding of the same piece.</param>
    /// <param name="found">What was found.</param>
    public static void Read(in TextView view, int from, int first, FindingList found)
    {
        var text = view.Text;
        found.SortFrom(first);
        var (last, around) = (found.Count, first);
        for (var at = from; text[at..].IndexOfAny(Signs) is >= 0 and var next; at++)
        {
            at += next;
            var start = SignEnd(text, at);
            if (start == 0 || found.EndAround(ref around, last, view.PlaceOf(at)) >= 0 || !TryName(text, from, at, out var name))
            {
                continue;
            }

            var value = PairValue.Find(text, from, name, at, start);
            if (value.Length > 0 && IsSecret(text, at, name, value))
            {
                // Found by its shape already, behind its scheme or alone.
                var core = value.Start + SchemeLength(text.Slice(value.Start, value.Length));
                if (found.EndAround(ref around, last, view.PlaceOf(core)) >= view.PlaceOf(value.Start + value.Length))
                {
                    at = value.Start + value.Length - 1;
                    continue;
                }

                var end = value.EndIn(text);
                found.Add(view.PlaceOf(value.Start), view.PlaceOf(end), Marker);
                at = ReadChange(view, end, found) - 1;
            }
            else if (value.Length == 0)
            {
                ReadItems(view, start, name.Kind, found);
            }
        }
    }

    private static int SchemeLength(ReadOnlySpan<char> value) =>
        value.IndexOf(' ') is > 0 and var space && !value[..space].ContainsAnyExcept(Characters.Letters) ? space + 1 : 0;

    private static bool IsSecret(ReadOnlySpan<char> text, int sign, in PairName name, in PairValue value)
    {
        var sample = text.Slice(value.Start, Math.Min(value.Length, Sample));

        // A field of a schema, and no pair of a connection string: string password = 2;
        if (sign > 0 && text[sign - 1] == ' ' && SecretValue.IsCount(sample))
        {
            return false;
        }

        // What is called by several words and speaks in several is the subject of a sentence.
        return SecretValue.IsSecret(name.Kind, value.Evidence, sample)
            && (value.Evidence != Evidence.Prose || name.Kind == SecretKind.Line || !sample.Contains(' ') || !text[name.Start..name.End].ContainsAny("._- ") || SecretValue.LooksMixed(sample));
    }

    /// <summary>What a plan says that a value becomes: <c>secret = "…" -> "…"</c>.</summary>
    private static int ReadChange(in TextView view, int end, FindingList found)
    {
        var text = view.Text;
        if (!text[end..].StartsWith("\" -> \"", StringComparison.Ordinal))
        {
            return end;
        }

        var start = end + "\" -> \"".Length;
        var stop = text[start..].IndexOfAny("\"\r\n") is >= 0 and var length ? start + length : text.Length;
        found.Add(view.PlaceOf(start), view.PlaceOf(stop), Marker);
        return stop;
    }

    /// <summary>What the name tells that stands in front of a place, with a sign between them.</summary>
    public static SecretKind KindBefore(ReadOnlySpan<char> text, int from, int at)
    {
        var before = text[from..at].TrimEnd(" \t");
        return before is [.., '=' or ':'] && TryName(text, from, from + before.Length - 1, out var name) ? name.Kind : SecretKind.None;
    }

    /// <summary>Where the sign ends; 0 when it is none: a comparison, the colon of a scheme or of a namespace.</summary>
    private static int SignEnd(ReadOnlySpan<char> text, int at)
    {
        var rest = text[(at + 1)..];
        if (text[at] is ',' or ';')
        {
            return IsBetweenTexts(text, at) ? at + 1 : 0;
        }

        if (text[at] == ':')
        {
            return rest is ['/', '/', ..] or [':', ..] || (at > 0 && text[at - 1] == ':') ? 0 : rest is ['=', ..] ? at + 2 : at + 1;
        }

        return rest is ['=', ' ' or '=', ..] || (at > 0 && text[at - 1] is '=' or '!' or '<' or '>' or '~') ? 0 : rest is ['>', ..] ? at + 2 : at + 1;
    }

    /// <summary>
    /// A list of names and values: <c>('password', '…')</c>, <c>[Password, …]</c>, <c>{password,&lt;&lt;"…"&gt;&gt;}</c>,
    /// <c>s:8:"password";s:16:"…"</c>.
    /// </summary>
    private static bool IsBetweenTexts(ReadOnlySpan<char> text, int at)
    {
        if (at == 0 || at + 1 == text.Length)
        {
            return false;
        }

        if (text[at - 1] is '"' or '\'')
        {
            var behind = text[(at + 1)..].TrimStart(" \t");
            return behind is ['"' or '\'' or '<' or '(', ..] || behind is [var prefix, '"' or '\'', ..] && char.IsAsciiLetter(prefix) || behind is ['s', ':', ..];
        }

        var name = Characters.RunBack(text[..at], Characters.Name, SecretName.MaxLength);
        return text[at] == ',' && name > 0 && name < at && text[at - name - 1] is '[' or '{' or '(';
    }

    /// <summary>The entries of a list of YAML below a telling name.</summary>
    private static void ReadItems(in TextView view, int at, SecretKind kind, FindingList found)
    {
        var text = view.Text;
        while (at < text.Length && text[at..].TrimStart(" \t\r") is ['\n', ..] line)
        {
            at = text.Length - line.Length + 1;
            var item = text[at..].TrimStart(" \t");
            if (item is not ['-', ' ', ..])
            {
                return;
            }

            item = item[2..].TrimStart(' ').TrimStart("\"'");
            at = text.Length - item.Length;
            var length = item.IndexOfAny("\"'\r\n") is >= 0 and var end ? end : item.Length;
            if (length > 0 && !item[..length].ContainsAny(Signs) && SecretValue.IsSecret(kind, Evidence.Member, item[..Math.Min(length, Sample)]))
            {
                found.Add(view.PlaceOf(at), view.PlaceOf(at + length), Marker);
            }

            at += length;
            at += item[length..] is ['"' or '\'', ..] ? 1 : 0;
        }
    }

    private static bool TryName(ReadOnlySpan<char> text, int from, int at, out PairName name)
    {
        name = default;
        var end = at;
        while (end > from && text[end - 1] is ' ' or '\t' or '?' or '+')
        {
            end--;
        }

        if (at - end > MaxGap)
        {
            return false;
        }

        var quote = '\0';
        var close = end;
        while (end > from && text[end - 1] is '"' or '\'' or '`' or ']' or ')')
        {
            quote = text[end - 1] is '"' or '\'' or '`' ? text[end - 1] : quote;
            end--;
        }

        var start = end - Characters.RunBack(text[from..end], Characters.Name, SecretName.MaxLength);

        // In environment['TOKEN'], user[token]= and [token] => a name ends before the bracket, in [secret] a marker of ours does. In arn:…:secret: it is none.
        if ((close > end && quote == '\0' && !(start > from && text[start - 1] == '[' && (text[(at + 1)..] is ['>', ..] || (start - 1 > from && char.IsLetterOrDigit(text[start - 2])))))
            || (text[at] == ':' && start > from && text[start - 1] == ':'))
        {
            return false;
        }

        var kind = SecretName.Classify(text[start..end]);
        var words = start;
        var isWord = kind == SecretKind.None && text[start..end].ContainsAny(WordsBefore) && !text[start..end].ContainsAny("-_.");
        for (var word = 1; isWord && kind == SecretKind.None && word < MaxWords && words > from + 1 && text[words - 1] == ' '; word++)
        {
            words = words - 1 - Characters.RunBack(text[from..(words - 1)], Characters.Letters, SecretName.MaxLength);
            kind = SecretName.Classify(text[words..end]);
        }

        if (kind == SecretKind.None)
        {
            kind = text[at] == '=' && text[from..start].TrimEnd("\"'").EndsWith("cookie ", StringComparison.OrdinalIgnoreCase) ? SecretKind.Random : KindOfEntry(text, from, start, end);
        }
        else
        {
            start = words;
        }

        name = new PairName(start, end, kind, start > from && text[start - 1] == quote ? quote : '\0');
        return kind != SecretKind.None;
    }

    /// <summary>Of a value whose name stands in the line above: <c>- name: DB_PASSWORD</c>, <c>value: …</c>.</summary>
    private static SecretKind KindOfEntry(ReadOnlySpan<char> text, int from, int start, int end)
    {
        if (!text[start..end].Equals("value", StringComparison.OrdinalIgnoreCase))
        {
            return SecretKind.None;
        }

        var before = text[Math.Max(from, start - Sample)..start].TrimEnd(" \t\"',;{-");
        if (before is not ([] or [.., '\n']))
        {
            var inline = before.LastIndexOfAny('\n', '{', '(') + 1;
            return KindNamed(before[inline..]);
        }

        before = before.TrimEnd("\r\n");
        return KindNamed(before[(before.LastIndexOf('\n') + 1)..]) is not SecretKind.None and var above ? above : KindBelow(text, end);
    }

    private static SecretKind KindBelow(ReadOnlySpan<char> text, int end)
    {
        var line = text[end..Math.Min(text.Length, end + (4 * Sample))];
        var next = line.IndexOf('\n') + 1;
        if (next == 0)
        {
            return SecretKind.None;
        }

        line = line[next..];
        line = line.IndexOf('\n') is >= 0 and var length ? line[..length] : line;
        return line.TrimStart(" ") is ['-', ..] ? SecretKind.None : KindNamed(line.TrimEnd('\r'));
    }

    private static SecretKind KindNamed(ReadOnlySpan<char> line)
    {
        line = line.Trim(" \t\"',;-");
        var sign = line.IndexOfAny(Signs);
        if (sign < 0 || line[..sign].Trim(" \"'") is not { Length: > 2 } key || !(key.EndsWith("name", StringComparison.OrdinalIgnoreCase) || key.EndsWith("key", StringComparison.OrdinalIgnoreCase)))
        {
            return SecretKind.None;
        }

        return SecretName.Classify(line[(sign + 1)..].Trim(" \t\"',;"));
    }
}
