using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests.Databases;

/// <summary>A server with two-phase commit.</summary>
public sealed class PreparingServer : PostgresServer
{
    protected override string[] Settings => ["-c", "max_prepared_transactions=5"];
}
