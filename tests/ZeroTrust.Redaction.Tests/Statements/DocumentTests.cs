using ZeroTrust.Redaction.Statements;

namespace ZeroTrust.Redaction.Tests.Statements;

public sealed class DocumentTests
{
    [Theory]
    [InlineData("{\"query\": {\"match\": {\"title\": \"a \\\" b\", \"n\": [1, true]}}}", "{\"query\": {\"match\": {\"title\": \"?\", \"n\": [\"?\", true]}}}")]
    [InlineData("{a: 'x', \"b\": \"open", "{a: '?', \"b\": \"?\"")]
    [InlineData("[{\"find\": \"x\"}]", "[{\"find\": \"?\"}]")]
    [InlineData("{\"index\":\"users\"}", "{\"index\":\"?\"}")]
    [InlineData("{\"ssn\":\"[secret]\",\"n\":\"[kim]\"}", "{\"ssn\":\"[secret]\",\"n\":\"?\"}")]
    public void Values_of_unknown_json_go(string query, string expected) => Assert.Equal(expected, Strip(query));

    [Theory]
    [InlineData("{\"find\":\"users\",\"filter\":{\"find\":\"x\"},\"$db\":\"shop\"}", "{\"find\":\"users\",\"filter\":{\"find\":\"?\"},\"$db\":\"shop\"}")]
    [InlineData("{\"insert\":\"c\",\"documents\":[{\"from\":\"x\",\"n\":1.5}]}", "{\"insert\":\"c\",\"documents\":[{\"from\":\"?\",\"n\":\"?\"}]}")]
    [InlineData("{\"find\":\"a b\"}", "{\"find\":\"?\"}")]
    [InlineData(
        "{\"aggregate\":\"o\",\"pipeline\":[{\"$match\":{\"a\":\"$x\"}},{\"$group\":{\"_id\":\"$status\",\"m\":\"x\",\"n\":{\"$sum\":1}}},{\"$lookup\":{\"from\":\"u\",\"as\":\"v\"}}]}",
        "{\"aggregate\":\"o\",\"pipeline\":[{\"$match\":{\"a\":\"?\"}},{\"$group\":{\"_id\":\"$status\",\"m\":\"?\",\"n\":{\"$sum\":\"?\"}}},{\"$lookup\":{\"from\":\"u\",\"as\":\"v\"}}]}")]
    [InlineData("{\"saslStart\":1,\"payload\":{\"$binary\":{\"base64\":\"eA==\"}}}", "{\"saslStart\":\"?\",\"payload\":{\"$binary\":{\"base64\":\"?\"}}}")]
    [InlineData("find {\"name\": \"x\", _id: ObjectId(\"66\"), r: /^x, y/i}", "find {\"name\": \"?\", _id: ObjectId(\"?\"), r: \"?\"}")]
    [InlineData("db.users.find({\"name\": \"x\", age: 41, ok: true}).limit(5)", "db.users.find({\"name\": ?, age: ?, ok: true}).limit(?)")]
    [InlineData("db.getCollection(\"people\").updateOne({_id: ObjectId('66')}, {$set: {n: /x'y/}})", "db.getCollection(\"people\").updateOne({_id: ObjectId(?)}, {$set: {n: ?}})")]
    [InlineData("db.auth(\"root\", \"x\")", "db.auth(?, ?)")]
    [InlineData("db.cards.insertOne({pan:NumberLong(\"5\"),cvv:513})", "db.cards.insertOne({pan:NumberLong(?),cvv:?})")]
    public void Values_of_mongodb_go(string statement, string expected)
    {
        Assert.Equal(expected, StatementText.Strip(statement, StatementLanguage.MongoDb, keepsComments: false));
        Assert.Equal(expected, StatementText.Strip(expected, StatementLanguage.MongoDb, keepsComments: false));
    }

    [Theory]
    [InlineData("find users")]
    [InlineData("aggregate shop.orders")]
    public void Command_of_mongodb_without_a_document_stays(string statement) =>
        Assert.Same(statement, StatementText.Strip(statement, StatementLanguage.MongoDb, keepsComments: false));

    [Theory]
    [InlineData("whatever this is")]
    [InlineData("find 'x'")]
    public void What_is_none_of_mongodb_is_erased(string statement) =>
        Assert.Equal("[erased]", StatementText.Strip(statement, StatementLanguage.MongoDb, keepsComments: false));

    [Theory]
    [InlineData("GET users/_search {\"query\":{\"match\":{\"name\":\"x\"}}}", "GET users/_search {\"query\":{\"match\":{\"name\":\"?\"}}}")]
    [InlineData("POST /_bulk\n{\"index\":{\"_index\":\"people\",\"_id\":\"x\"}}\n{\"index\":\"x\"}", "POST /_bulk\n{\"index\":{\"_index\":\"people\",\"_id\":\"?\"}}\n{\"index\":\"?\"}")]
    [InlineData("{\"index\":\"users\"}\n{\"query\":{\"match\":{\"name\":\"x\"}}}", "{\"index\":\"users\"}\n{\"query\":{\"match\":{\"name\":\"?\"}}}")]
    [InlineData("GET /users/_search?q=email:x&size=5", "GET /users/_search?q=?&size=?")]
    [InlineData("PUT /users/_doc/x1 {\"a\":1}", "PUT /users/_doc/* {\"a\":\"?\"}")]
    [InlineData("PUT /_security/user/kim {\"password\":\"x\"}", "PUT /_security/user/* {\"password\":\"?\"}")]
    [InlineData("{\"query\":{\"multi_match\":{\"query\":\"x\",\"fields\":[\"title^3\",\"body\"]}}}", "{\"query\":{\"multi_match\":{\"query\":\"?\",\"fields\":[\"title^3\",\"body\"]}}}")]
    [InlineData("{\"query\":{\"term\":{\"field\":\"x\",\"fields\":\"y\"}}}", "{\"query\":{\"term\":{\"field\":\"?\",\"fields\":\"?\"}}}")]
    [InlineData("{\"aggs\":{\"a\":{\"terms\":{\"field\":\"status\",\"include\":\"x\"}}}}", "{\"aggs\":{\"a\":{\"terms\":{\"field\":\"status\",\"include\":\"?\"}}}}")]
    [InlineData("FROM logs | WHERE a == \"x\"", "FROM logs | WHERE a == ?")]
    public void Values_of_elasticsearch_go(string request, string expected)
    {
        Assert.Equal(expected, StatementText.Strip(request, StatementLanguage.Elasticsearch, keepsComments: false));
        Assert.Equal(expected, StatementText.Strip(expected, StatementLanguage.Elasticsearch, keepsComments: false));
    }

    [Theory]
    [InlineData(
        "aws.dynamodb",
        "{\"TableName\":\"Users\",\"KeyConditionExpression\":\"#e = :e\",\"ExpressionAttributeNames\":{\"#e\":\"Email\"},\"ExpressionAttributeValues\":{\":e\":{\"S\":\"x\"}}}",
        "{\"TableName\":\"Users\",\"KeyConditionExpression\":\"#e = :e\",\"ExpressionAttributeNames\":{\"#e\":\"Email\"},\"ExpressionAttributeValues\":{\":e\":{\"S\":\"?\"}}}")]
    [InlineData("aws.dynamodb", "{\"Statement\":\"SELECT * FROM \\\"U\\\" WHERE a = 'x'\"}", "{\"Statement\":\"SELECT * FROM \\\"U\\\" WHERE a = ?\"}")]
    [InlineData("aws.dynamodb", "{\"TableName\":\"P\",\"Item\":{\"TableName\":{\"S\":\"x\"}}}", "{\"TableName\":\"P\",\"Item\":{\"TableName\":{\"S\":\"?\"}}}")]
    [InlineData(
        "azure.cosmosdb",
        "{\"query\":\"SELECT * FROM c WHERE c.i = @i AND c.n = \\u0022x\\u0022\",\"parameters\":[{\"name\":\"@i\",\"value\":\"@x\"}]}",
        "{\"query\":\"SELECT * FROM c WHERE c.i = @i AND c.n = ?\",\"parameters\":[{\"name\":\"@i\",\"value\":\"?\"}]}")]
    [InlineData("couchbase", "{\"statement\":\"SELECT 'x'", "{\"statement\":\"SELECT ?\"")]
    public void Values_of_a_request_go(string system, string request, string expected) =>
        Assert.Equal(expected, StatementText.Strip(request, DatabaseSystems.LanguageOf(system), keepsComments: false));

    [Fact]
    public void What_is_too_deep_to_be_followed_is_data()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"pipeline\":", 100)) + "{\"$out\":\"x\"" + new string('}', 101);

        Assert.Equal(deep.Replace("\"x\"", "\"?\"", StringComparison.Ordinal), StatementText.Strip(deep, StatementLanguage.MongoDb, keepsComments: false));
    }

    private static string Strip(string query) => StatementText.Strip(query, StatementLanguage.Unknown, keepsComments: false);
}
