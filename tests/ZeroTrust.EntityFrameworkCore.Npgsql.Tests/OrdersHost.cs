using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using ZeroTrust.Authz;
using ZeroTrust.Authz.Internal;
using ZeroTrust.Npgsql;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.EntityFrameworkCore.Npgsql.Tests;

/// <summary>A host with Entity Framework Core over policies: made by a migration, used by a role of the service.</summary>
internal static class OrdersHost
{
    internal static readonly AuthzContextAccessor Accessor = new(TimeProvider.System);
    private static int _roles;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal static AuthzContext Context(string tenant) => new(
        TenantId.Parse(tenant), SubjectId.Parse("user:ada"), PermissionSet.Empty, "txn", [],
        TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(120), new ContextWire("", [], []));

    internal static async Task AsAsync(IHost host, string tenant, Func<OrdersDb, Task> act)
    {
        using var entered = Accessor.Enter(Context(tenant));
        await using var scope = host.Services.CreateAsyncScope();
        await act(scope.ServiceProvider.GetRequiredService<OrdersDb>());
    }

    internal static async Task<string[]> ReadAsync(IHost host, string sql)
    {
        await using var source = NpgsqlDataSource.Create(host.Services.GetRequiredService<Superuser>().ConnectionString);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Stop);
        var rows = new List<string>();
        while (await reader.ReadAsync(Stop))
        {
            rows.Add(reader.GetString(0));
        }

        return [.. rows];
    }

    /// <summary>Starts it.</summary>
    /// <param name="server">The server.</param>
    /// <param name="isSigned">Whether the tenant is signed.</param>
    /// <param name="pooler">The pooler, which <paramref name="connect"/> goes through.</param>
    /// <param name="connect">The connection string of a database and role; null, the server's.</param>
    /// <param name="loggers">Where the driver and Entity Framework Core log.</param>
    internal static async Task<IHost> StartAsync(
        PostgresServer server, bool isSigned, Pooler pooler = Pooler.None, Func<string, string, Task<string>>? connect = null,
        ILoggerFactory? loggers = null)
    {
        server.Require();
        var number = Interlocked.Increment(ref _roles).ToString(CultureInfo.InvariantCulture);
        var (owner, app) = ("ef_owner_" + number, "ef_app_" + number);
        PostgresServer.Execute(server.ConnectionString(), $"CREATE ROLE {owner} LOGIN; CREATE ROLE {app} LOGIN");
        var database = server.CreateDatabase(owner);
        var key = isSigned ? new TenantSigningKey("k1", [.. Enumerable.Range(0, 32).Select(i => (byte)i)]) : null;
        await MigrateAsync(server, database, owner, app, key is null ? null : RowSecuritySql.CreateSchema([key], pooler));
        var source = new NpgsqlDataSourceBuilder(
            connect is null ? server.ConnectionString(database, app) : await connect(database, app)).UseLoggerFactory(loggers).Build();
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton(new Superuser(server.ConnectionString(database)));
        builder.Services.AddSingleton(source);
        builder.Services.AddSingleton<IAuthzContextAccessor>(Accessor);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddDbContextPool<OrdersDb>((services, db) =>
        {
            db.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>());
            _ = loggers is null ? db : db.UseLoggerFactory(loggers).EnableSensitiveDataLogging();
        });
        builder.Services.AddZeroTrust().AddRowLevelSecurity<OrdersDb>(options => (options.SigningKey, options.Pooler) = (key, pooler))
            .AddRowLevelSecurity<OrdersDb>();
        var host = builder.Build();
        await host.StartAsync(Stop);
        return host;
    }

    private static async Task MigrateAsync(PostgresServer server, string database, string owner, string app, string? signedSchema)
    {
        await using (
            var schema = new OrdersDb(new DbContextOptionsBuilder<OrdersDb>().UseNpgsql(server.ConnectionString(database, owner)).Options))
        {
            await schema.Database.EnsureCreatedAsync(Stop);
        }

        var migration = new MigrationBuilder("Npgsql.EntityFrameworkCore.PostgreSQL");
        migration.CreateTenantSchema();
        migration.EnableTenantRowSecurity("Orders", "Tenant");
        migration.CreateTenantView("Products", "SELECT \"Product\" FROM \"Orders\"");
        foreach (var step in migration.Operations.OfType<SqlOperation>())
        {
            PostgresServer.Execute(server.ConnectionString(database, owner), step.Sql);
        }

        if (signedSchema is not null)
        {
            PostgresServer.Execute(server.ConnectionString(database, owner), signedSchema);
        }

        PostgresServer.Execute(
            server.ConnectionString(database, owner),
            $"GRANT SELECT, INSERT, UPDATE, DELETE ON \"Orders\" TO {app}; GRANT SELECT ON \"Products\" TO {app}");
        PostgresServer.Execute(server.ConnectionString(database), RowSecuritySql.RestrictRole(app));
    }

    private sealed record Superuser(string ConnectionString);
}
