using Npgsql;
using ZeroTrust.Npgsql.Internal;
using ZeroTrust.Npgsql.Tests.Databases;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests.Sessions;

/// <summary>One way from the service to the database, where two tenants are given one session after each other.</summary>
internal sealed class SessionPath : IAsyncDisposable
{
    internal const string Direct = "Npgsql's pool";
    internal const string PooledSession = "pgbouncer, session";
    internal const string PooledTransaction = "pgbouncer, transaction";

    private readonly PgBouncer? _bouncer;
    private readonly Pooler _pooler;

    private SessionPath(OrdersDatabase database, PgBouncer? bouncer, NpgsqlDataSource source, Pooler pooler)
    {
        Database = database;
        _bouncer = bouncer;
        Source = source;
        _pooler = pooler;
    }

    internal OrdersDatabase Database { get; }

    internal NpgsqlDataSource Source { get; }

    /// <summary>A role that the service may become, and that may do nothing.</summary>
    internal string Other => Database.App + "_other";

    internal static async Task<SessionPath> OpenAsync(
        PostgresServer server, string path, CancellationToken cancellationToken, string settings = "")
    {
        Assert.SkipUnless(path == Direct || PgBouncer.IsInstalled, "pgbouncer is not installed (Debian package pgbouncer).");
        var pooler = path switch { PooledSession => Pooler.Session, PooledTransaction => Pooler.Transaction, _ => Pooler.None };
        var database = new OrdersDatabase(server, signed: true, pooler);
        database.AsSuperuser($"GRANT TEMPORARY ON DATABASE {database.Name} TO {database.App}; SELECT '' WHERE false");
        database.AsSuperuser(
            $"CREATE ROLE {database.App}_other; {HostileSql.Prepare(database.App, database.App + "_other")} SELECT '' WHERE false");
        if (pooler == Pooler.None)
        {
            return new SessionPath(database, bouncer: null, database.Connect(database.App, $"Maximum Pool Size=1;{settings}"), pooler);
        }

        var bouncer = await PgBouncer.StartAsync(
            server.Port, database.Name, database.App, cancellationToken, pooler == Pooler.Session ? "session" : "transaction");

        // Two clients in transaction mode, which get the one session of the server in turn.
        var size = pooler == Pooler.Session ? 1 : 2;
        var source = NpgsqlDataSource.Create(
            $"Host=127.0.0.1;Port={bouncer.Port};Database={database.Name};Username={database.App};No Reset On Close=true;Maximum Pool "
                + $"Size={size};{settings}");
        return new SessionPath(database, bouncer, source, pooler);
    }

    internal TenantDataSource As(string tenant)
    {
        PoolingCheck.Require(Source, _pooler);
        var session = new TenantSession(Contexts.Of(tenant), Database.Key, TimeProvider.System, _pooler);
        return new TenantDataSource(Source, () => session);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (_bouncer is not null)
        {
            await _bouncer.DisposeAsync();
        }

        Database.Dispose();
    }
}
