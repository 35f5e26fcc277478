using System.Collections.Frozen;

namespace ZeroTrust.Redaction.Statements;

/// <summary>The words of SQL that tell what may follow them.</summary>
internal static class SqlWords
{
    private const int Shortest = 2;
    private const int Longest = 12;

    private static readonly FrozenDictionary<string, SqlWord>.AlternateLookup<ReadOnlySpan<char>> Kinds =
        Table().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public static SqlWord KindOf(ReadOnlySpan<char> word) =>
        word.Length is >= Shortest and <= Longest && Kinds.TryGetValue(word, out var kind) ? kind : SqlWord.Plain;

    private static IEnumerable<KeyValuePair<string, SqlWord>> Table() =>
    [
        .. All(SqlWord.Naming, "JOIN", "UPDATE", "SCHEMA", "DATABASE", "ROLE", "USER", "COLUMN", "CONSTRAINT", "SEQUENCE", "TRIGGER",
            "MEASUREMENT", "KEYSPACE", "EXISTS"),
        .. All(SqlWord.From, "FROM"),
        .. All(SqlWord.Table, "INTO", "TABLE", "REFERENCES", "INDEX", "VIEW"),
        .. All(SqlWord.Columns, "KEY", "UNIQUE", "CONFLICT", "USING"),
        .. All(SqlWord.On, "ON"),
        .. All(SqlWord.As, "AS"),
        .. All(SqlWord.Select, "SELECT"),
        .. All(SqlWord.Values, "VALUES", "VALUE"),
        .. All(SqlWord.In, "IN"),
        .. All(SqlWord.Like, "LIKE", "ILIKE", "RLIKE", "REGEXP", "SIMILAR", "GLOB", "MATCH", "DEFAULT", "ESCAPE", "TO"),
        .. All(SqlWord.Between, "BETWEEN"),
        .. All(SqlWord.And, "AND"),
        .. All(SqlWord.Branch, "THEN", "ELSE", "WHEN", "CASE", "RETURN", "CALL", "EXEC", "EXECUTE", "INTERVAL", "DATE", "TIME",
            "TIMESTAMP"),
        .. All(SqlWord.Is, "IS", "NOT"),
        .. All(SqlWord.By, "BY"),
        .. All(SqlWord.Identified, "IDENTIFIED"),
        .. All(SqlWord.Replace, "REPLACE"),
        .. All(SqlWord.Password, "PASSWORD"),
        .. All(SqlWord.Create, "CREATE"),
        .. All(SqlWord.Alter, "ALTER", "MODIFY"),
        .. All(SqlWord.Set, "SET"),
        .. All(SqlWord.Insert, "INSERT"),
        .. All(SqlWord.Copy, "COPY"),
        .. All(SqlWord.Stdin, "STDIN"),
        .. All(SqlWord.Format, "FORMAT"),
        .. All(SqlWord.Do, "DO"),
        .. All(
            SqlWord.Other,
            "WHERE", "OR", "HAVING", "ORDER", "GROUP", "DISTINCT", "ALL", "LIMIT", "OFFSET", "UNION", "EXCEPT", "INTERSECT", "DELETE",
            "RETURNING", "END", "WITH",
            "ANY", "SOME", "NULL", "LEFT", "RIGHT", "INNER", "OUTER", "CROSS", "ASC", "DESC", "FOR", "IF", "BINARY", "COLLATE", "DIV",
            "MOD", "XOR"),
    ];

    private static IEnumerable<KeyValuePair<string, SqlWord>> All(SqlWord kind, params string[] words) =>
        words.Select(word => KeyValuePair.Create(word, kind));
}
