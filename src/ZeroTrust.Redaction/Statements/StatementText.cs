namespace ZeroTrust.Redaction.Statements;

/// <summary>Takes the literals out of a database statement of any kind.</summary>
internal static class StatementText
{
    public static string Strip(string statement)
    {
        var text = statement.AsSpan().TrimStart();
        return text is ['{' or '[', ..] ? JsonLiterals.Strip(statement)
            : MemcachedValue.Applies(statement) ? MemcachedValue.Strip(statement)
            : RedisArguments.Applies(statement) ? RedisArguments.Strip(statement)
            : SqlLiterals.Strip(statement);
    }
}
