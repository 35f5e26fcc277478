using ZeroTrust.Redaction.Internal;

namespace ZeroTrust.Redaction.Statements;

/// <summary>Takes the literals out of a statement for a database, in the language of that database.</summary>
internal static class StatementText
{
    private static readonly string[] Markers = [RedactionPolicy.Erased, RedactionPolicy.Failed, TextRedactor.TooLong];

    /// <param name="statement">The statement.</param>
    /// <param name="language">Its language; <see cref="StatementLanguage.Unknown"/> where its look must tell.</param>
    /// <param name="keepsComments">Whether comments stay.</param>
    /// <returns>
    /// The statement without its literals, the same reference where it has none; <see cref="RedactionPolicy.Erased"/> where the language is
    /// not known.
    /// </returns>
    public static string Strip(string statement, StatementLanguage language, bool keepsComments)
    {
        if (string.IsNullOrWhiteSpace(statement) || Markers.Contains(statement))
        {
            return statement;
        }

        if (language != StatementLanguage.Unknown)
        {
            return Read(statement, language, keepsComments);
        }

        // A look that is gone with the literals was that of a literal.
        language = StatementLook.LanguageOf(statement);
        var stripped = Read(statement, language, keepsComments);
        return ReferenceEquals(stripped, statement) || StatementLook.LanguageOf(stripped) == language ? stripped : RedactionPolicy.Erased;
    }

    private static string Read(string statement, StatementLanguage language, bool keepsComments) => language switch
    {
        StatementLanguage.Unknown => RedactionPolicy.Erased,
        StatementLanguage.Redis => RedisReader.Strip(statement),
        StatementLanguage.Memcached => MemcachedReader.Strip(statement),
        StatementLanguage.MongoDb => MongoStatement.Strip(statement, keepsComments),
        StatementLanguage.Elasticsearch => SearchRequest.Strip(statement),
        StatementLanguage.Ldap => LdapFilter.Strip(statement),
        StatementLanguage.Influx => InfluxStatement.Strip(statement, keepsComments),
        StatementLanguage.Document => DocumentReader.Strip(statement, 0, language),
        StatementLanguage.DynamoDb or StatementLanguage.Cosmos or StatementLanguage.Couchbase when DocumentReader.Applies(statement) =>
            DocumentReader.Strip(statement, 0, language),
        _ => LiteralText.Strip(statement, LiteralDialects.Of(language), keepsComments),
    };
}
