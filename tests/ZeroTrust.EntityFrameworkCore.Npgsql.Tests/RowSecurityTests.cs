using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.EntityFrameworkCore.Npgsql.Tests;

/// <summary>Entity Framework Core over policies, signed and unsigned: made by a migration, used by a role of the service.</summary>
public sealed class RowSecurityTests(PostgresServer server) : IClassFixture<PostgresServer>
{
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
        using var entered = OrdersHost.Accessor.Enter(OrdersHost.Context("a"));
        using var scope = host.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<OrdersDb>();
        Assert.Equal(2, db.Orders.Count());
        db.Add(new Order { Id = 5, Product = "file" });
        Assert.Equal(1, db.SaveChanges());
        Assert.Equal(1, db.Orders.Where(order => order.Id == 5).ExecuteDelete());
    }

    private Task<IHost> StartAsync(bool isSigned) => OrdersHost.StartAsync(server, isSigned);

    private static Task AsAsync(IHost host, string tenant, Func<OrdersDb, Task> act) => OrdersHost.AsAsync(host, tenant, act);

    private static Task<string[]> ReadAsync(IHost host, string sql) => OrdersHost.ReadAsync(host, sql);
}
