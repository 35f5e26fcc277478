using System.Globalization;
using System.Text;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>The <c>search_path</c> of a session, as one that no SQL of the session's can change for the commands that follow.</summary>
internal static class SearchPath
{
    private const string Temporary = "pg_temp";

    /// <summary>An expression that sets it for a transaction, with the temporary schema last: a temporary table never stands in for a table.</summary>
    /// <param name="path">What the session begins with, as the server prints it.</param>
    internal static string Pin(string path)
    {
        var schemas = Names(path).Where(static name => !IsTemporary(name)).Select(Quoted).Append(Temporary);
        return $"pg_catalog.set_config('search_path', {Literal(string.Join(", ", schemas))}, true)";
    }

    // pg_temp is another name of pg_temp_<number>.
    private static bool IsTemporary(string name) =>
        name is Temporary || name.StartsWith("pg_temp_", StringComparison.Ordinal) || name.StartsWith("pg_toast_temp_", StringComparison.Ordinal);

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // As the server reads it: what is not quoted is in lower case, by the letters of ASCII.
    private static List<string> Names(string path)
    {
        var names = new List<string>();
        var name = new StringBuilder();
        var (isAny, isQuoted) = (false, false);
        foreach (var letter in path.Append(','))
        {
            if (letter == '"')
            {
                // A quote that opens where one has closed is the second of two within quotes.
                name.Append(isAny && !isQuoted ? "\"" : null);
                (isAny, isQuoted) = (true, !isQuoted);
            }
            else if (isQuoted)
            {
                name.Append(letter);
            }
            else if (letter == ',')
            {
                if (isAny)
                {
                    names.Add(name.ToString());
                }

                name.Clear();
                isAny = false;
            }
            else if (letter is not (' ' or '\t' or '\n' or '\v' or '\f' or '\r'))
            {
                name.Append(char.IsAsciiLetterUpper(letter) ? char.ToLowerInvariant(letter) : letter);
                isAny = true;
            }
        }

        return names;
    }

    // What a backslash means, and the encoding, are settings of the session; an escape string of ASCII reads the same under all of them.
    private static string Literal(string text)
    {
        var literal = new StringBuilder("E'");
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\'' => literal.Append("''"),
                '\\' => literal.Append(@"\\"),
                >= ' ' and <= '~' => literal.Append((char)rune.Value),
                _ => literal.Append(CultureInfo.InvariantCulture, $@"\U{rune.Value:x8}"),
            };
        }

        return literal.Append('\'').ToString();
    }
}
