using System.Collections.Frozen;

namespace ZeroTrust.Redaction.Statements;

/// <summary>
/// The language of each database system: values of <c>db.system.name</c> and of <c>db.system</c> before it, as the OpenTelemetry semantic
/// conventions
/// have them, and names in use beside them.
/// </summary>
internal static class DatabaseSystems
{
    private static readonly FrozenDictionary<string, StatementLanguage> Languages =
        Table().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The language of a system; <see cref="StatementLanguage.Unknown"/> where the name is not known or the system has several.
    /// </summary>
    public static StatementLanguage LanguageOf(string? system) =>
        system is not null && Languages.TryGetValue(system, out var language) ? language : StatementLanguage.Unknown;

    private static IEnumerable<KeyValuePair<string, StatementLanguage>> Table() =>
    [
        .. All(StatementLanguage.PostgreSql, "postgresql", "postgres", "aws.redshift", "redshift", "cockroachdb", "edb", "greenplum",
            "timescaledb", "yugabytedb", "duckdb"),
        .. All(StatementLanguage.MySql, "mysql", "mariadb", "tidb", "singlestore", "memsql"),
        .. All(StatementLanguage.SqlServer, "microsoft.sql_server", "mssql", "sqlserver", "mssqlcompact", "sybase"),
        .. All(StatementLanguage.Oracle, "oracle.db", "oracle"),
        .. All(StatementLanguage.Sqlite, "sqlite", "libsql"),
        .. All(StatementLanguage.BigQuery, "gcp.bigquery", "bigquery", "gcp.spanner", "spanner"),
        .. All(StatementLanguage.Snowflake, "snowflake"),
        .. All(StatementLanguage.Cassandra, "cassandra", "scylladb", "aws.keyspaces"),
        .. All(StatementLanguage.ClickHouse, "clickhouse"),
        .. All(StatementLanguage.Spark, "spark", "databricks", "hive", "impala"),
        .. All(
            StatementLanguage.StandardSql,
            "actian.ingres", "ingres", "derby", "cloudscape", "firebirdsql", "firebird", "interbase", "h2database", "h2", "hsqldb",
            "ibm.db2", "db2",
            "ibm.informix", "informix", "ibm.netezza", "netezza", "instantdb", "sap.hana", "hanadb", "sap.maxdb", "maxdb", "teradata",
            "trino", "presto",
            "aws.athena", "vertica", "pointbase", "firstsql"),
        .. All(
            StatementLanguage.OtherSql,
            "other_sql", "intersystems.cache", "intersystems_cache", "cache", "softwareag.adabas", "adabas", "coldfusion", "filemaker",
            "pervasive", "progress", "geode"),
        .. All(StatementLanguage.Soql, "salesforce", "soql"),
        .. All(StatementLanguage.Couchbase, "couchbase"),
        .. All(StatementLanguage.Cosmos, "azure.cosmosdb", "cosmosdb"),
        .. All(StatementLanguage.DynamoDb, "aws.dynamodb", "dynamodb"),
        .. All(StatementLanguage.Influx, "influxdb"),
        .. All(StatementLanguage.Redis, "redis", "valkey", "keydb", "dragonfly", "aws.memorydb"),
        .. All(StatementLanguage.Memcached, "memcached"),
        .. All(StatementLanguage.MongoDb, "mongodb", "aws.documentdb", "documentdb"),
        .. All(StatementLanguage.Elasticsearch, "elasticsearch", "opensearch", "couchdb"),
        .. All(StatementLanguage.Cypher, "neo4j", "memgraph"),
        .. All(StatementLanguage.Gremlin, "janusgraph", "gremlin"),
        .. All(StatementLanguage.Kusto, "azure.kusto", "kusto", "azure.data_explorer"),
        .. All(StatementLanguage.PromQl, "prometheus", "thanos", "mimir"),
        .. All(StatementLanguage.Ldap, "ldap"),
        .. All(StatementLanguage.Script, "hbase"),
    ];

    private static IEnumerable<KeyValuePair<string, StatementLanguage>> All(StatementLanguage language, params string[] systems) =>
        systems.Select(system => KeyValuePair.Create(system, language));
}
