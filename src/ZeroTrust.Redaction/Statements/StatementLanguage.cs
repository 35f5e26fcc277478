namespace ZeroTrust.Redaction.Statements;

/// <summary>The languages whose literals are known.</summary>
internal enum StatementLanguage
{
    /// <summary>Not told by the name of the database: the look of the statement decides, and what has no known look is erased.</summary>
    Unknown,

    /// <summary>SQL of no known dialect.</summary>
    OtherSql,

    /// <summary>SQL of which only the standard is sure: <c>"x"</c> is a name.</summary>
    StandardSql,
    PostgreSql,
    MySql,
    SqlServer,
    Oracle,
    Sqlite,
    BigQuery,
    Snowflake,
    Cassandra,
    ClickHouse,
    Spark,
    Soql,
    Couchbase,
    Cosmos,
    DynamoDb,
    Influx,
    Redis,
    Memcached,
    MongoDb,
    Elasticsearch,
    Cypher,
    Gremlin,
    Kusto,
    PromQl,
    Ldap,

    /// <summary>JSON of no known system.</summary>
    Document,

    /// <summary>A script of calls with quoted arguments, as of the HBase shell.</summary>
    Script,
}
