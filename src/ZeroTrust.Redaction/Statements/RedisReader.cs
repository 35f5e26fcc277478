using System.Globalization;

namespace ZeroTrust.Redaction.Statements;

/// <summary>
/// Replaces the values of Redis or Valkey commands by one <c>?</c>; commands and keys stay. A command that is not known keeps its name
/// alone. A line
/// break ends a command only where another one that is known follows; otherwise it is a part of the value. The result is never longer than
/// the text and a <c>?</c>.
/// </summary>
internal static class RedisReader
{
    public static string Strip(string commands)
    {
        var text = commands.AsSpan();
        var writer = new StatementWriter(commands);
        var isFirst = true;
        for (var at = text.Length - text.TrimStart().Length; at < text.Length;)
        {
            var lineEnd = text[at..].IndexOf('\n') is >= 0 and var length ? at + length : text.Length;
            var end = lineEnd;
            while (end < text.Length && !IsCommand(text[(end + 1)..]))
            {
                end = text[(end + 1)..].IndexOf('\n') is >= 0 and var more ? end + 1 + more : text.Length;
            }

            Command(ref writer, text, at, lineEnd, end, isFirst);
            (at, isFirst) = (end + 1, false);
        }

        return writer.Finish();
    }

    /// <summary>Whether a line begins with a known command in capitals that has no more arguments than it takes.</summary>
    private static bool IsCommand(ReadOnlySpan<char> text)
    {
        var line = text.IndexOf('\n') is >= 0 and var end ? text[..end] : text;
        var words = new CommandWords(line);
        return words.MoveNext() && !words.Current.ContainsAnyInRange('a', 'z') && RedisCommands.TryGetShape(words.Current, out var shape)
            && (shape != CommandShape.KeyAlone || !words.MoveNext() || !words.MoveNext() || (words.Current is "?" && !words.MoveNext()));
    }

    /// <param name="writer">Where to write.</param>
    /// <param name="text">All commands.</param>
    /// <param name="start">Where this one begins.</param>
    /// <param name="lineEnd">Where its first line ends.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="isFirst">Whether it may be a command that is not known.</param>
    private static void Command(ref StatementWriter writer, ReadOnlySpan<char> text, int start, int lineEnd, int end, bool isFirst)
    {
        var words = new CommandWords(text[start..lineEnd]);
        if (!words.MoveNext())
        {
            return;
        }

        var isKnown = RedisCommands.TryGetShape(words.Current, out var shape);
        if (!isKnown && (!isFirst || !IsVerb(words.Current)))
        {
            writer.Replace(start + words.Start, end);
            return;
        }

        var kept = words.End;
        for (var left = KeysOf(shape); left > 0 && words.MoveNext(); left--)
        {
            var isFirstArgument = left == KeysOf(shape);
            if (shape is CommandShape.Subcommand or CommandShape.SubcommandAndKey && isFirstArgument
                && !RedisCommands.IsSubcommand(words.Current))
            {
                break;
            }

            kept = words.End;
        }

        if (shape is CommandShape.ScriptAndCountedKeys or CommandShape.KeyAndCountedKeys or CommandShape.CountedKeys)
        {
            kept = Counted(ref writer, start, words, kept, shape);
        }

        var rest = text[(start + kept)..end].TrimEnd();
        if (!rest.TrimStart().IsEmpty && rest is not " ?")
        {
            writer.Replace(start + kept, start + kept + rest.Length, " ?");
        }
    }

    private static int KeysOf(CommandShape shape) => shape switch
    {
        CommandShape.Key or CommandShape.KeyAlone or CommandShape.Subcommand or CommandShape.KeyAndCountedKeys => 1,
        CommandShape.TwoKeys or CommandShape.SubcommandAndKey => 2,
        CommandShape.Keys => int.MaxValue,
        _ => 0,
    };

    /// <summary>The end of the keys that a count stands before; what was kept so far where the count is none.</summary>
    private static int Counted(ref StatementWriter writer, int start, CommandWords words, int kept, CommandShape shape)
    {
        var (scriptStart, scriptEnd) = (0, 0);
        if (shape == CommandShape.ScriptAndCountedKeys && words.MoveNext())
        {
            (scriptStart, scriptEnd) = (words.Start, words.End);
        }

        if (!words.MoveNext() || !int.TryParse(words.Current, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return kept;
        }

        if (scriptEnd > 0)
        {
            writer.Replace(start + scriptStart, start + scriptEnd);
        }

        kept = words.End;
        for (; count > 0 && words.MoveNext(); count--)
        {
            kept = words.End;
        }

        return kept;
    }

    private static bool IsVerb(ReadOnlySpan<char> word)
    {
        foreach (var character in word)
        {
            if (!char.IsAsciiLetter(character) && character is not ('.' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
