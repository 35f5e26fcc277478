namespace ZeroTrust.Npgsql;

/// <summary>What stands between the service and the database.</summary>
/// <remarks>The tenant is set for one transaction at a time, in the same round trip as the command, so that both modes are safe; they are declared because the audit tells when one is there unexpectedly.</remarks>
public enum Pooler
{
    /// <summary>Nothing: the server itself.</summary>
    None = 0,

    /// <summary>A pooler that gives each client a server connection of its own (pgbouncer <c>pool_mode = session</c>).</summary>
    Session = 1,

    /// <summary>A pooler that gives a server connection for each transaction (pgbouncer <c>pool_mode = transaction</c>).</summary>
    Transaction = 2,
}
