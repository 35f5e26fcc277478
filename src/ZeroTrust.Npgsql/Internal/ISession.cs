using Npgsql;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>What one connection acts by.</summary>
internal interface ISession
{
    /// <summary>
    /// Whether the session of the database may have served another client before each transaction, which then begins with a reset.
    /// </summary>
    bool CleansTransactions => false;

    /// <summary>What goes before a command.</summary>
    /// <param name="leads">What is to choose from, by the session of the database.</param>
    /// <param name="isFirst">Whether the command is the first of its transaction.</param>
    /// <exception cref="RejectionException">What the connection acts by has ended.</exception>
    Lead Lead(SessionLeads leads, bool isFirst);

    /// <summary>The one parameter of <see cref="Lead"/>; null where it has none.</summary>
    /// <param name="connection">The connection, which is open.</param>
    /// <param name="timeout">The seconds that the command may take; 0, any number.</param>
    NpgsqlParameter? CreateParameter(NpgsqlConnection connection, int timeout) => null;

    /// <summary>Asks what has to be known before the first command.</summary>
    ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
