namespace ZeroTrust.Redaction.Statements;

/// <summary>A statement of InfluxDB: InfluxQL, Flux, or points in the line protocol.</summary>
internal static class InfluxStatement
{
    private enum Form
    {
        Points,
        Flux,
        InfluxQl,
    }

    /// <summary>Whether a text looks like Flux.</summary>
    public static bool IsFlux(ReadOnlySpan<char> text) =>
        text.Contains("|>", StringComparison.Ordinal) || text.StartsWith("from(", StringComparison.Ordinal)
            || text.StartsWith("import \"", StringComparison.Ordinal);

    public static string Strip(string statement, bool keepsComments)
    {
        var form = FormOf(statement);
        var dialect = form == Form.Flux ? LiteralDialects.Flux : LiteralDialects.Of(StatementLanguage.Influx);
        var stripped = form == Form.Points ? LineProtocol.Strip(statement) : LiteralText.Strip(statement, dialect, keepsComments);
        return ReferenceEquals(stripped, statement) || FormOf(stripped) == form ? stripped : RedactionPolicy.Erased;
    }

    private static Form FormOf(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        return IsFlux(text) ? Form.Flux
            : SqlLook.Applies(text) && !IsInsert(text) ? Form.InfluxQl
            : Form.Points;
    }

    /// <summary>The client's <c>INSERT</c>, behind which points stand.</summary>
    private static bool IsInsert(ReadOnlySpan<char> text) => text.StartsWith("INSERT ", StringComparison.OrdinalIgnoreCase);
}
