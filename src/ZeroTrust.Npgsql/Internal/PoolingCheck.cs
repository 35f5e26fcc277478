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
        return Fault(settings, pooler) is { } fault ? NpgsqlRejections.Refuse(NpgsqlRejectionReason.PoolingUnsafe, fault) : null;
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

    private static string? Fault(NpgsqlConnectionStringBuilder settings, Pooler pooler)
    {
        if (settings.Multiplexing)
        {
            return "Multiplexing=true lets calls share a session.";
        }

        if (settings.MaxAutoPrepare > 0)
        {
            return "Max Auto Prepare keeps statements when a session is reset, and SQL of one tenant can put others under their names.";
        }

        if (pooler == Pooler.None)
        {
            return settings.NoResetOnClose
                ? "No Reset On Close=true leaves a session as it was; only a pooler, which is to be declared, needs that."
                : null;
        }

        if (!settings.NoResetOnClose)
        {
            return "No Reset On Close=true is needed behind a pooler: the driver's reset can be made to fail, "
                + "and answers to what was sent with it then reach another client.";
        }

        return KeptBySession(settings) is { } setting
            ? $"{setting} is of the session, which is reset before each transaction behind a pooler: set it for the role "
                + "(ALTER ROLE ... SET)."
            : null;
    }

    private static string? KeptBySession(NpgsqlConnectionStringBuilder settings) => settings switch
    {
        { SearchPath.Length: > 0 } => "Search Path",
        { Timezone.Length: > 0 } => "Timezone",
        { Options.Length: > 0 } => "Options",
        { ClientEncoding.Length: > 0 } => "Client Encoding",
        _ => null,
    };
}
