using System.Transactions;
using Npgsql;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>
/// Keeps connections of tenants out of transactions that are not theirs: the driver gives the connections of one such transaction one
/// session, and does not reset it afterwards.
/// </summary>
internal static class AmbientTransactions
{
    /// <exception cref="RejectionException">The connection would join one: <c>npgsql.ambient_transaction</c>.</exception>
    internal static void Refuse(string connectionString)
    {
        if (Transaction.Current is not null && new NpgsqlConnectionStringBuilder(connectionString).Enlist)
        {
            throw Refusal();
        }
    }

    internal static RejectionException Refusal() => new(NpgsqlRejections.Refuse(
        NpgsqlRejectionReason.AmbientTransaction,
        "A tenant's connection joins no ambient transaction, as its session would be handed on as it was left: use "
            + "BeginTransaction, or Enlist=false in the connection string for commands that are no part of it."));
}
