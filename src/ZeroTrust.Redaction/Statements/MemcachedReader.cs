using System.Collections.Frozen;
using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Statements;

/// <summary>
/// Cuts the value off a Memcached command, which stands on the lines behind it; the command, its key and its numbers stay.
/// </summary>
internal static class MemcachedReader
{
    private const int FewestWords = 5;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Storing =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "set", "add", "replace", "append", "prepend", "cas")
            .GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Others = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "delete", "incr", "decr", "touch", "gat", "gats", "mg", "ms", "md", "ma", "mn", "flush_all", "stats", "version")
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether the text is a storage command: verb, key, flags, expiry and size.</summary>
    public static bool Applies(ReadOnlySpan<char> text)
    {
        if (text.IndexOf(' ') is not (> 0 and var verb) || !Storing.Contains(text[..verb]) || char.IsAsciiLetterUpper(text[0]))
        {
            return false;
        }

        Span<Range> words = stackalloc Range[FewestWords + 1];
        var line = FirstLine(text);
        return line.Split(words, ' ') >= FewestWords && IsNumber(line[words[2]]) && IsNumber(line[words[3]]);
    }

    public static string Strip(string command)
    {
        var text = command.AsSpan();
        var line = FirstLine(text);
        var words = new CommandWords(line);
        var writer = new StatementWriter(command);
        if (words.MoveNext())
        {
            var verb = words.Current;
            var keys = verb.Equals("get", StringComparison.OrdinalIgnoreCase) || verb.Equals("gets", StringComparison.OrdinalIgnoreCase)
                ? int.MaxValue
                : Storing.Contains(verb) || Others.Contains(verb) ? 1
                : 0;
            if (keys == 0)
            {
                writer.Replace(words.Start, text.Length);
                return writer.Finish();
            }

            for (; words.MoveNext(); keys--)
            {
                if (keys <= 0 && !(IsNumber(words.Current) && keys > -FewestWords) && words.Current is not ("noreply" or "?"))
                {
                    writer.Replace(words.Start, words.End);
                }
            }
        }

        if (line.Length < text.Length)
        {
            writer.Replace(line.Length, text.Length, "");
        }

        return writer.Finish();
    }

    private static ReadOnlySpan<char> FirstLine(ReadOnlySpan<char> text) =>
        text.IndexOfAny('\r', '\n') is >= 0 and var end ? text[..end] : text;

    private static bool IsNumber(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(Characters.Decimal);
}
