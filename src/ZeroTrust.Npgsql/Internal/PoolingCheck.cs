using System.Runtime.CompilerServices;
using Npgsql;
using ZeroTrust.Npgsql.Audit;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>Settings of the connection string by which one tenant's session could serve another.</summary>
internal static class PoolingCheck
{
    // A data source never changes its settings; reading them is dearer than a query's own bookkeeping.
    private static readonly ConditionalWeakTable<NpgsqlDataSource, NpgsqlConnectionStringBuilder> Known = [];

    internal static Rejection? Check(NpgsqlDataSource source, Pooler pooler)
    {
        var settings = Known.GetValue(source, static source => new NpgsqlConnectionStringBuilder(source.ConnectionString));
        if (settings.Multiplexing)
        {
            return NpgsqlRejections.Refuse(NpgsqlRejectionReason.PoolingUnsafe, "Multiplexing=true lets calls share a session.");
        }

        return settings.NoResetOnClose && pooler == Pooler.None
            ? NpgsqlRejections.Refuse(NpgsqlRejectionReason.PoolingUnsafe, "No Reset On Close=true leaves a session as it was; only a declared pooler needs that.")
            : null;
    }

    /// <summary>Whether the process that answers is another than the one that was connected to.</summary>
    internal static async Task<bool> IsPooledAsync(AuditSession session) =>
        (await session.ReadAsync("SELECT pg_backend_pid()", row => row.GetInt32(0)).ConfigureAwait(false))[0]
            != session.Connection.ProcessID;

    internal static void Require(NpgsqlDataSource source, Pooler pooler)
    {
        if (Check(source, pooler) is { } rejection)
        {
            throw new RejectionException(rejection);
        }
    }
}
