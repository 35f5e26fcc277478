namespace ZeroTrust.Redaction.Statements;

/// <summary>What the members of a JSON query say, which depends on what they are members of.</summary>
internal enum DocumentPart : byte
{
    /// <summary>Data, whose every value goes.</summary>
    Data,
    MongoCommand,
    MongoPipeline,
    MongoLookup,
    MongoExpression,
    SearchBody,
    SearchBulk,
    SearchAction,
    SearchAggregation,
    SearchQuery,
    SearchFields,
    DynamoRequest,
    DynamoNames,
    SqlRequest,
    SqlParameters,
}
