using System.Text.Json;
using System.Text.RegularExpressions;
using ZeroTrust.Redaction.Statements;

namespace ZeroTrust.ConformanceTests.Redaction;

/// <summary>Whether a literal of a statement is left. Shapes differ from author to author; what they all take out must be gone.</summary>
internal static partial class SqlJudge
{
    public static RedactionVerdict Judge(JsonElement line, int number)
    {
        var sql = line.TryGetProperty("sql", out var statement) ? statement.GetString()! : line.GetProperty("input").GetString()!;
        var system = line.TryGetProperty("dbms", out var name) ? name.GetString() : null;
        var language = DatabaseSystems.LanguageOf(system) is var known and not StatementLanguage.Unknown ? known : StatementLanguage.OtherSql;
        var output = StatementText.Strip(sql, language, keepsComments: false);
        string[] left = [.. Left(sql, Expected(line), output), .. Tokens(line).Where(token => output.Contains(token, StringComparison.Ordinal))];
        return new(number, line.TryGetProperty("dbms", out var dbms) ? dbms.GetString()! : "sql", IsPositive: true, IsRight: left.Length == 0)
        {
            Shown = $"{sql} -> {output} leaves {string.Join(' ', left)}",
        };
    }

    /// <summary>Words of literals that are in no other place of the statement and in no expected result, and quotes and numbers of any kind.</summary>
    public static IEnumerable<string> Left(string sql, IReadOnlyList<string> expected, string output)
    {
        HashSet<string> kept = [.. Words(Literals().Replace(sql, " ")), .. expected.SelectMany(Words)];
        HashSet<string> secret = [.. Literals().Matches(sql).SelectMany(static literal => Words(literal.Value)).Where(word => !kept.Contains(word))];
        return Words(output).Where(secret.Contains)
            .Concat(Numbers().Matches(QuotedNames().Replace(output, " ")).Select(static match => match.Value))
            .Concat(output.Contains('\'', StringComparison.Ordinal) ? ["'"] : []);
    }

    private static IReadOnlyList<string> Expected(JsonElement line) =>
        line.TryGetProperty("obfuscated", out var obfuscated) ? [.. obfuscated.EnumerateArray().Select(static text => text.GetString()!)]
        : line.TryGetProperty("outputs", out var outputs) ? [.. outputs.EnumerateArray().Select(static entry => entry.GetProperty("expected").GetString()!)]
        : line.TryGetProperty("output", out var output) ? [output.GetString()!]
        : [];

    private static IEnumerable<string> Tokens(JsonElement line) => !line.TryGetProperty("tokens", out var tokens) ? [] : tokens.EnumerateArray()
        .Where(static token => token.GetProperty("kind").GetString() is "STRING" || (token.GetProperty("kind").GetString() is "NUMBER" && token.GetProperty("text").GetString()!.Length > 2))
        .Select(static token => token.GetProperty("text").GetString()!);

    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(static match => match.Value);

    [GeneratedRegex(@"\w{2,}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"'(?:[^']|'')*'", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Literals();

    [GeneratedRegex("\"[^\"]*\"|`[^`]*`|\\[[^\\]]*\\]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QuotedNames();

    [GeneratedRegex(@"(?<![\w@$:.?#])\d+(?:\.\d+)?\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();
}
