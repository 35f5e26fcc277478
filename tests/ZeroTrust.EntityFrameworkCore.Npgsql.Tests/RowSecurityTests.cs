using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using ZeroTrust.Authz;
using ZeroTrust.Authz.Internal;
using ZeroTrust.Npgsql;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.EntityFrameworkCore.Npgsql.Tests;

/// <summary>Entity Framework Core over policies, signed and unsigned: made by a migration, used by a role of the service.</summary>
public sealed class RowSecurityTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly AuthzContextAccessor Accessor = new(TimeProvider.System);
    private static int _roles;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_command_is_held_to_the_tenant(bool isSigned)
    {
        using var host = await StartAsync(isSigned);
        await AsAsync(host, "a", async db =>
        {
            db.AddRange(new Order { Id = 1, Product = "anvil" }, new Order { Id = 3, Product = "axe" });
            Assert.Equal(2, await db.SaveChangesAsync(Stop));
        });
        await AsAsync(host, "b", async db =>
        {
            db.Add(new Order { Id = 2, Product = "bell" });
            Assert.Equal(1, await db.SaveChangesAsync(Stop));
        });

        await AsAsync(host, "a", async db =>
        {
            Assert.Equal(4, await db.Orders.SumAsync(order => order.Id, Stop));
            Assert.Equal(2, await db.Orders.IgnoreQueryFilters().CountAsync(Stop));
            Assert.Equal(["anvil", "axe"], await db.Database.SqlQueryRaw<string>("SELECT \"Product\" AS \"Value\" FROM \"Orders\" ORDER BY \"Id\"").ToArrayAsync(Stop));
            Assert.Equal(2, await db.Orders.FromSqlRaw("SELECT * FROM \"Orders\"").CountAsync(Stop));
            Assert.Equal(0, await db.Database.ExecuteSqlRawAsync("UPDATE \"Orders\" SET \"Product\" = 'stolen' WHERE \"Id\" = 2", Stop));
            Assert.Equal(2, await db.Database.ExecuteSqlRawAsync("UPDATE \"Orders\" SET \"Product\" = \"Product\"", Stop));
            Assert.Equal(0, await db.Orders.Where(order => order.Id == 2).ExecuteDeleteAsync(Stop));
            Assert.Equal(1, await db.Orders.Where(order => order.Id == 1).ExecuteUpdateAsync(set => set.SetProperty(order => order.Product, "hammer"), Stop));
            Assert.Equal("hammer", (await db.Orders.FindAsync([1], Stop))!.Product);
            Assert.Null(await db.Orders.FindAsync([2], Stop));
        });
        Blocking(host);
        Assert.Equal(["b|2|bell"], await ReadAsync(host, "SELECT \"Tenant\" || '|' || \"Id\" || '|' || \"Product\" FROM \"Orders\" WHERE \"Tenant\" = 'b'"));
    }

    [Fact]
    public async Task A_save_tells_each_row_that_was_not_there()
    {
        using var host = await StartAsync(isSigned: true);
        await AsAsync(host, "a", async db =>
        {
            db.AddRange(new Order { Id = 1, Product = "anvil" }, new Order { Id = 3, Product = "axe" });
            await db.SaveChangesAsync(Stop);
        });
        foreach (var missing in new[] { 9, 2 })
        {
            await AsAsync(host, "a", async db =>
            {
                db.Update(new Order { Id = 1, Tenant = TenantId.Parse("a"), Product = "changed" });
                db.Update(new Order { Id = missing, Tenant = TenantId.Parse("a"), Product = "changed" });
                await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => db.SaveChangesAsync(Stop));
            });
        }

        Assert.Equal(["anvil"], await ReadAsync(host, "SELECT \"Product\" FROM \"Orders\" WHERE \"Id\" = 1"));
    }

    [Fact]
    public async Task Injected_sql_cannot_name_another_tenant_when_it_is_signed()
    {
        using var host = await StartAsync(isSigned: true);
        await AsAsync(host, "b", async db =>
        {
            db.Add(new Order { Id = 2, Product = "bell" });
            await db.SaveChangesAsync(Stop);
        });
        await AsAsync(host, "a", async db =>
            Assert.Equal(0, await db.Database.ExecuteSqlRawAsync("SELECT set_config('zerotrust.tenant', 'b', true); DELETE FROM \"Orders\"", Stop)));
        Assert.Single(await ReadAsync(host, "SELECT \"Product\" FROM \"Orders\""));
    }

    [Fact]
    public async Task Two_tenants_over_pooled_contexts_never_meet()
    {
        using var host = await StartAsync(isSigned: false);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            var tenant = worker % 2 == 0 ? "a" : "b";
            for (var i = 0; i < 50; i++)
            {
                var id = (worker * 1000) + i;
                await AsAsync(host, tenant, async db =>
                {
                    db.Add(new Order { Id = id, Product = tenant });
                    await db.SaveChangesAsync(Stop);
                    Assert.All(await db.Database.SqlQueryRaw<string>("SELECT \"Tenant\" AS \"Value\" FROM \"Orders\"").ToArrayAsync(Stop), row => Assert.Equal(tenant, row));
                });
            }
        }));
        Assert.Equal(["200", "200"], await ReadAsync(host, "SELECT count(*)::text FROM \"Orders\" GROUP BY \"Tenant\""));
    }

    private static void Blocking(IHost host)
    {
        using var entered = Accessor.Enter(Context("a"));
        using var scope = host.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<OrdersDb>();
        Assert.Equal(2, db.Orders.Count());
        db.Add(new Order { Id = 5, Product = "file" });
        Assert.Equal(1, db.SaveChanges());
        Assert.Equal(1, db.Orders.Where(order => order.Id == 5).ExecuteDelete());
    }

    private static AuthzContext Context(string tenant) => new(
        TenantId.Parse(tenant), SubjectId.Parse("user:ada"), PermissionSet.Empty, "txn", [], TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(120), new ContextWire("", [], []));

    private static async Task AsAsync(IHost host, string tenant, Func<OrdersDb, Task> act)
    {
        using var entered = Accessor.Enter(Context(tenant));
        await using var scope = host.Services.CreateAsyncScope();
        await act(scope.ServiceProvider.GetRequiredService<OrdersDb>());
    }

    private static async Task<string[]> ReadAsync(IHost host, string sql)
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

    private async Task<IHost> StartAsync(bool isSigned)
    {
        server.Require();
        var number = Interlocked.Increment(ref _roles).ToString(CultureInfo.InvariantCulture);
        var (owner, app) = ("ef_owner_" + number, "ef_app_" + number);
        PostgresServer.Execute(server.ConnectionString(), $"CREATE ROLE {owner} LOGIN; CREATE ROLE {app} LOGIN");
        var database = server.CreateDatabase(owner);
        var key = isSigned ? new TenantSigningKey("k1", [.. Enumerable.Range(0, 32).Select(i => (byte)i)]) : null;
        await using (var schema = new OrdersDb(new DbContextOptionsBuilder<OrdersDb>().UseNpgsql(server.ConnectionString(database, owner)).Options))
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

        if (key is not null)
        {
            PostgresServer.Execute(server.ConnectionString(database, owner), RowSecuritySql.CreateSchema([key]));
        }

        PostgresServer.Execute(server.ConnectionString(database, owner), $"GRANT SELECT, INSERT, UPDATE, DELETE ON \"Orders\" TO {app}; GRANT SELECT ON \"Products\" TO {app}");
        PostgresServer.Execute(server.ConnectionString(database), RowSecuritySql.RestrictRole(app));
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton(new Superuser(server.ConnectionString(database)));
        builder.Services.AddSingleton(NpgsqlDataSource.Create(server.ConnectionString(database, app)));
        builder.Services.AddSingleton<IAuthzContextAccessor>(Accessor);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddDbContextPool<OrdersDb>((services, db) => db.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>()));
        builder.Services.AddZeroTrust().AddRowLevelSecurity<OrdersDb>(options => options.SigningKey = key).AddRowLevelSecurity<OrdersDb>();
        var host = builder.Build();
        await host.StartAsync(Stop);
        return host;
    }

    private sealed record Superuser(string ConnectionString);
}
