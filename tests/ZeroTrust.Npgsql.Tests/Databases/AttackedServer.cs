using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests.Databases;

/// <summary>A server that decodes its log for whoever may replicate.</summary>
public sealed class AttackedServer : PostgresServer
{
    protected override string[] Settings => ["-c", "wal_level=logical"];
}
