namespace ZeroTrust.Npgsql;

/// <summary>What stands between the service and the database.</summary>
/// <remarks>
/// Behind a pooler a client knows neither its session nor who had it before. The tenant is then signed for every session, which the
/// database has to be told (<see cref="RowSecuritySql.CreateSchema(IReadOnlyList{TenantSigningKey}, Pooler)"/>), and each transaction
/// begins with a reset of the session. The driver's reset has to be off: <c>No Reset On Close=true</c>.
/// </remarks>
public enum Pooler
{
    /// <summary>Nothing: the server itself.</summary>
    None = 0,

    /// <summary>A pooler that gives each client a server connection of its own (pgbouncer <c>pool_mode = session</c>).</summary>
    Session = 1,

    /// <summary>A pooler that gives a server connection for each transaction (pgbouncer <c>pool_mode = transaction</c>).</summary>
    Transaction = 2,
}
