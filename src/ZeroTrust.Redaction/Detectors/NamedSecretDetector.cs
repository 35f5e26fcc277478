using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>
/// The value behind a telling name: <c>Password=…;</c>, <c>"client_secret": "…"</c>, <c>&lt;password&gt;…&lt;</c>, <c>Cookie: …</c> to the end of
/// the line. So also the secrets of connection strings.
/// </summary>
internal readonly struct NamedSecretDetector : IBuiltInDetector
{
    private const string Marker = "[secret]";
    private const int MaxGap = 16;
    private const int Sample = 256;
    private const string EncodedEquals = "%3D";

    private static readonly SearchValues<char> Signs = SearchValues.Create("=:>%");
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");
    private static readonly SearchValues<char> ValueEnd = SearchValues.Create(";&,\"'<> \t\r\n");
    private static readonly SearchValues<char> LineEnd = SearchValues.Create("\r\n");

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var at = from; text[at..].IndexOfAny(Signs) is >= 0 and var found; at++)
        {
            at += found;
            var start = SignEnd(text, at);
            if (start > 0 && KindOf(text, from, at, out var nameQuote) is not SecretKind.None and var kind && Length(text, kind, nameQuote, ref start) is > 0 and var length)
            {
                finding = new(start, length, Marker);
                return true;
            }
        }

        finding = default;
        return false;
    }

    /// <summary>Where the sign ends; 0 when it is none: a comparison, the colon of a scheme, a bare percent sign.</summary>
    private static int SignEnd(ReadOnlySpan<char> text, int at)
    {
        if (text[at] == '%')
        {
            return text[at..].StartsWith(EncodedEquals, StringComparison.OrdinalIgnoreCase) ? at + EncodedEquals.Length : 0;
        }

        var rest = text[(at + 1)..];
        return rest.StartsWith("//", StringComparison.Ordinal) || (text[at] == '=' && rest.StartsWith("=", StringComparison.Ordinal)) ? 0
            : rest.Length > 0 && rest[0] is '=' or '>' ? at + 2
            : at + 1;
    }

    private static SecretKind KindOf(ReadOnlySpan<char> text, int from, int at, out char quote)
    {
        var name = WithoutGap(text[Math.Max(from, at - (2 * SecretName.MaxLength) - MaxGap)..at]);
        var trimmed = name.IsEmpty || NameCharacters.Contains(name[^1]) ? name : IsMarker(name) ? [] : name.TrimEnd("\"'`]\\)");
        var start = trimmed.Length - Characters.RunBack(trimmed, NameCharacters, SecretName.MaxLength);
        quote = start > 0 && trimmed[start - 1] is '"' or '\'' ? trimmed[start - 1] : '\0';

        // <password>…, but not a->password or list<password>.
        var isElement = text[at] != '>' || (start > 0 && trimmed[start - 1] == '<');
        quote = name.Length == trimmed.Length ? quote : '\0';
        return !isElement ? SecretKind.None : SecretName.Classify(IsValueAttribute(trimmed[start..]) ? AttributeBefore(trimmed[..start]) : trimmed[start..]);
    }

    private static ReadOnlySpan<char> WithoutGap(ReadOnlySpan<char> name)
    {
        while (name is [.., '?' or '+' or ' ' or '\t'])
        {
            name = name[..^1];
        }

        return name;
    }

    /// <summary>In <c>environment['TOKEN']</c> a name ends before the bracket, in <c>[secret]</c> a marker of ours does.</summary>
    private static bool IsMarker(ReadOnlySpan<char> name)
    {
        name = name.TrimEnd("\"'`\\)");
        return name is [.., var before, ']'] && before is not ('"' or '\'');
    }

    private static bool IsValueAttribute(ReadOnlySpan<char> name) => name.Equals("value", StringComparison.OrdinalIgnoreCase);

    /// <summary>The name in <c>&lt;add key="Password" value="…"/&gt;</c>.</summary>
    private static ReadOnlySpan<char> AttributeBefore(ReadOnlySpan<char> text)
    {
        text = text.TrimEnd(' ').TrimEnd("\"'");
        var name = text[^Characters.RunBack(text, NameCharacters, SecretName.MaxLength)..];
        var before = text[..^name.Length].TrimEnd("\"'");
        return before.EndsWith("key=", StringComparison.OrdinalIgnoreCase) || before.EndsWith("name=", StringComparison.OrdinalIgnoreCase) ? name : [];
    }

    /// <summary>The length of the value behind the sign, from where it starts behind spaces and quotes; 0 where it is no secret.</summary>
    private static int Length(ReadOnlySpan<char> text, SecretKind kind, char nameQuote, ref int start)
    {
        var gap = text[start..Math.Min(text.Length, start + MaxGap)];
        start += gap.Length - gap.TrimStart(" \t").Length;
        var opening = text[start..Math.Min(text.Length, start + MaxGap)];
        var quotes = opening.Length - opening.TrimStart("\\\"'").Length;
        var quote = quotes == 0 ? '\0' : opening[quotes - 1];
        start += quotes;

        // Judged by its beginning, so that a value that is no secret is not read to its end for every sign in it.
        var rest = text[start..];
        var sample = rest[..Math.Min(rest.Length, Sample)];
        sample = sample[..End(sample, kind, quote, nameQuote, isEscaped: quotes > 1 && opening[quotes - 2] == '\\')];
        return SecretValue.IsSecret(kind, sample) ? End(rest, kind, quote, nameQuote, isEscaped: quotes > 1 && opening[quotes - 2] == '\\') : 0;
    }

    private static int End(ReadOnlySpan<char> value, SecretKind kind, char quote, char nameQuote, bool isEscaped)
    {
        var end = quote is '"' or '\'' ? QuotedEnd(value, quote, isEscaped)
            : kind != SecretKind.Line ? WithoutClosing(value, value.IndexOfAny(ValueEnd))
            : nameQuote != '\0' ? value.IndexOfAny(nameQuote, '\r', '\n')
            : value.IndexOfAny(LineEnd);
        return end < 0 ? value.Length : end;
    }

    /// <summary>A bracket at the end that was not opened in the value closes what stands around it.</summary>
    private static int WithoutClosing(ReadOnlySpan<char> value, int end)
    {
        end = end < 0 ? value.Length : end;
        while (end > 0 && IsClosing(value[end - 1], out var opening) && !value[..end].Contains(opening))
        {
            end--;
        }

        return end;
    }

    private static bool IsClosing(char character, out char opening)
    {
        opening = character switch { ')' => '(', ']' => '[', '}' => '{', _ => '\0' };
        return opening != '\0';
    }

    /// <summary>The quote that closes: where the one that opened was escaped, escaped as well; else not.</summary>
    private static int QuotedEnd(ReadOnlySpan<char> value, char quote, bool isEscaped)
    {
        for (var end = 0; value[end..].IndexOfAny(quote, '\r', '\n') is >= 0 and var found; end++)
        {
            end += found;
            var backslashes = Backslashes(value[..end]);
            if (value[end] != quote || isEscaped || backslashes % 2 == 0)
            {
                return isEscaped ? end - backslashes : end;
            }
        }

        return -1;
    }

    private static int Backslashes(ReadOnlySpan<char> text) => text.Length - 1 - text.LastIndexOfAnyExcept('\\');
}
