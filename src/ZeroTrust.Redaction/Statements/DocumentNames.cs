using System.Buffers;
using System.Collections.Frozen;

namespace ZeroTrust.Redaction.Statements;

/// <summary>
/// Which members of JSON queries hold names of collections, fields and the like, and which hold further parts of the query.
/// </summary>
internal static class DocumentNames
{
    private const int Longest = 128;
    private const string AnyKey = "*";

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$*^#-");
    private static readonly SearchValues<char> ExpressionCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.#:=<>(), []+-");

    private static readonly string[] MongoVerbs =
    [
        "find", "insert", "update", "delete", "aggregate", "count", "distinct", "findAndModify", "findandmodify", "mapReduce", "create",
        "drop", "createIndexes",
        "listIndexes", "dropIndexes", "collStats", "collMod", "validate", "explain", "getMore", "killCursors", "findOne", "insertOne",
        "insertMany", "updateOne",
        "updateMany", "replaceOne", "deleteOne", "deleteMany", "countDocuments", "bulkWrite",
    ];

    private static readonly FrozenDictionary<string, DocumentPart>.AlternateLookup<ReadOnlySpan<char>>[] Inner =
        [.. Enum.GetValues<DocumentPart>().Select(static part =>
        InnerOf(part).ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>())];

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>>[] Names =
        [.. Enum.GetValues<DocumentPart>().Select(static part =>
        NamesOf(part).ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>())];

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Verbs =
        MongoVerbs.Concat(["createUser", "updateUser", "saslStart", "saslContinue"]).ToFrozenSet(StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether it is a command of MongoDB.</summary>
    public static bool IsMongoVerb(ReadOnlySpan<char> word) => Verbs.Contains(word);

    /// <summary>What an object under a key is.</summary>
    public static DocumentPart PartUnder(DocumentPart part, ReadOnlySpan<char> key) =>
        Inner[(int)part].TryGetValue(key, out var inner) || Inner[(int)part].TryGetValue(AnyKey, out inner) ? inner : DocumentPart.Data;

    /// <summary>Whether a text under a key is the name of something, or refers to names alone.</summary>
    public static bool IsName(DocumentPart part, ReadOnlySpan<char> key, ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= Longest && part switch
        {
            DocumentPart.Data => false,
            DocumentPart.MongoExpression => text[0] == '$' && !text.ContainsAnyExcept(NameCharacters),
            DocumentPart.DynamoNames => !text.ContainsAnyExcept(NameCharacters),
            DocumentPart.SqlParameters => key is "name" && text[0] == '@' && !text[1..].ContainsAnyExcept(NameCharacters),
            DocumentPart.DynamoRequest => Names[(int)part].Contains(key) && !text.ContainsAnyExcept(ExpressionCharacters),
            _ => Names[(int)part].Contains(key) && !text.ContainsAnyExcept(NameCharacters),
        };

    /// <summary>Whether a text under a key is a statement of its own.</summary>
    public static bool IsStatement(DocumentPart part, ReadOnlySpan<char> key) =>
        (part == DocumentPart.SqlRequest && key is "query" or "statement") || (part == DocumentPart.DynamoRequest && key is "Statement");

    private static IEnumerable<KeyValuePair<string, DocumentPart>> InnerOf(DocumentPart part) => part switch
    {
        DocumentPart.MongoCommand => [new("pipeline", DocumentPart.MongoPipeline), new("explain", DocumentPart.MongoCommand)],
        DocumentPart.MongoPipeline =>
        [
            .. All(DocumentPart.MongoLookup, "$lookup", "$graphLookup", "$unionWith", "$merge"),
            .. All(
                DocumentPart.MongoExpression,
                "$group", "$project", "$addFields", "$set", "$bucket", "$bucketAuto", "$replaceRoot", "$replaceWith", "$sortByCount",
                "$unwind", "$setWindowFields"),
        ],
        DocumentPart.MongoLookup => [new("pipeline", DocumentPart.MongoPipeline)],
        DocumentPart.MongoExpression =>
            [new(AnyKey, DocumentPart.MongoExpression), .. All(DocumentPart.Data, "$literal", "$match", "$function")],
        DocumentPart.SearchBody =>
        [
            .. All(DocumentPart.SearchAction, "index", "create", "update", "delete"),
            .. All(DocumentPart.SearchAggregation, "aggs", "aggregations"),
            new("query", DocumentPart.SearchQuery),
        ],
        DocumentPart.SearchBulk => All(DocumentPart.SearchAction, "index", "create", "update", "delete"),
        DocumentPart.SearchAggregation =>
            [new(AnyKey, DocumentPart.SearchAggregation), .. All(DocumentPart.SearchQuery, "filter", "filters", "query"),
                new("meta", DocumentPart.Data)],
        DocumentPart.SearchQuery =>
        [
            .. All(
                DocumentPart.SearchQuery,
                "bool", "must", "must_not", "should", "filter", "nested", "constant_score", "function_score", "dis_max", "queries",
                "query", "boosting", "positive", "negative"),
            .. All(DocumentPart.SearchFields, "multi_match", "query_string", "simple_query_string", "combined_fields", "more_like_this",
                "exists"),
        ],
        DocumentPart.DynamoRequest =>
        [
            new("ExpressionAttributeNames", DocumentPart.DynamoNames),
            .. All(DocumentPart.DynamoRequest, "TransactItems", "TransactStatements", "Statements", "Put", "Get", "Update", "Delete",
                "ConditionCheck"),
        ],
        DocumentPart.DynamoNames => [new(AnyKey, DocumentPart.DynamoNames)],
        DocumentPart.SqlRequest => [new("parameters", DocumentPart.SqlParameters)],
        _ => [],
    };

    private static IEnumerable<string> NamesOf(DocumentPart part) => part switch
    {
        DocumentPart.MongoCommand => [.. MongoVerbs, "renameCollection", "to", "collection", "$db", "key"],
        DocumentPart.MongoPipeline => ["$out", "$count", "$unionWith", "$merge", "$unwind", "$sortByCount"],
        DocumentPart.MongoLookup =>
            ["from", "localField", "foreignField", "as", "coll", "into", "on", "connectFromField", "connectToField"],
        DocumentPart.SearchBody => ["index", "fields", "_source", "stored_fields", "docvalue_fields"],
        DocumentPart.SearchAction => ["_index", "index"],
        DocumentPart.SearchAggregation => ["field"],
        DocumentPart.SearchFields => ["field", "fields", "default_field", "type", "operator", "default_operator"],
        DocumentPart.DynamoRequest =>
        [
            "TableName", "IndexName", "Select", "ReturnValues", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics",
            "KeyConditionExpression", "FilterExpression",
            "ProjectionExpression", "UpdateExpression", "ConditionExpression", "AttributesToGet",
        ],
        _ => [],
    };

    private static IEnumerable<KeyValuePair<string, DocumentPart>> All(DocumentPart part, params string[] keys) =>
        keys.Select(key => KeyValuePair.Create(key, part));
}
