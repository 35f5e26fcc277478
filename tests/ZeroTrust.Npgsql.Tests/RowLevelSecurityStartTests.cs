using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Npgsql;
using ZeroTrust.Authz;
using ZeroTrust.Authz.Internal;
using ZeroTrust.Npgsql.Tests.Databases;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests;

public sealed class RowLevelSecurityStartTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task The_host_starts_and_serves_the_tenant_of_the_current_context()
    {
        using var database = new OrdersDatabase(server, signed: true);
        using var host = Build(database.Source, database, out var log);
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.Contains(log.GetSnapshot(), record => record.Id.Id == 5700 && record.Message.Contains("in 2 tables", StringComparison.Ordinal));

        var tenants = host.Services.GetRequiredService<TenantDataSource>();
        Assert.Equal("npgsql.context_missing", Assert.Throws<RejectionException>(() => tenants.CreateConnection()).Rejection.Code);
        var accessor = host.Services.GetRequiredService<IAuthzContextAccessor>();
        foreach (var (tenant, product) in new[] { ("a", "anvil"), ("b", "bell") })
        {
            using var entered = accessor.Enter(Contexts.Of(tenant));
            await using var command = tenants.CreateCommand("SELECT product FROM orders");
            Assert.Equal(product, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Findings_stop_the_host_all_at_once()
    {
        using var database = new OrdersDatabase(server);
        database.AsOwner($"ALTER TABLE orders NO FORCE ROW LEVEL SECURITY; GRANT TRUNCATE ON lines TO {database.App}");
        using var host = Build(database.Source, database, out var log);
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("npgsql.row_security_missing", exception.Message, StringComparison.Ordinal);
        Assert.Contains("npgsql.privilege_excessive", exception.Message, StringComparison.Ordinal);
        Assert.Equal(2, log.GetSnapshot().Count(record => record.Id.Id == 5701));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_role_across_tenants_that_is_known_at_start_is_audited_there(bool writes)
    {
        using var database = new OrdersDatabase(server);
        database.AsOwner(writes ? $"GRANT UPDATE ON orders TO {database.Reports}" : "SELECT");
        using var host = Build(database.Source, database, out _, zeroTrust => zeroTrust.AddCrossTenantSource(_ => database.Connect(
            database.Reports)));
        if (!writes)
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            return;
        }

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("npgsql.grant_writes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_excluded_or_accepted_is_told_at_start()
    {
        using var database = new OrdersDatabase(server);
        database.AsSuperuser($"ALTER ROLE {database.App} RESET track_activities; SELECT '' WHERE false");
        using var host = Build(database.Source, database, out var log, zeroTrust => zeroTrust.AddRowLevelSecurity(options =>
        {
            options.ExcludedSchemas.Add("stock");
            options.DangerousAccept(NpgsqlRejectionReason.StatementsVisible, "track_activities", "Every statement has parameters.");
        }));
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            ["RowSecurityFindingAccepted", "RowSecuritySchemaExcluded"],
            log.GetSnapshot().Where(record => record.Level == LogLevel.Warning).Select(record => record.Id.Name).Order(
                StringComparer.Ordinal).ToArray());
    }

    [Fact]
    public async Task A_database_that_cannot_be_audited_stops_the_host()
    {
        using var database = new OrdersDatabase(server);
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Database=none;Username=nobody");
        using var host = Build(nowhere, database, out _);
        var refusal = await Assert.ThrowsAsync<RejectionException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal("npgsql.audit_failed", refusal.Rejection.Code);
    }

    [Fact]
    public async Task Impossible_options_stop_the_host_with_their_paths()
    {
        using var database = new OrdersDatabase(server);
        database.Options.SharedObjects.Add("countries");
        database.Options.AuditTimeout = TimeSpan.FromMilliseconds(999);
        database.Options.Pooler = (Pooler)7;
        using var host = Build(database.Source, database, out _);
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("ZeroTrust:RowLevelSecurity:SharedObjects:1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ZeroTrust:RowLevelSecurity:AuditTimeout", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ZeroTrust:RowLevelSecurity:Pooler", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 32)]
    [InlineData("Upper", 32)]
    [InlineData("k1", 31)]
    [InlineData("k1", 65)]
    public void A_key_that_is_none_is_refused(string id, int length) =>
        Assert.ThrowsAny<ArgumentException>(() => new TenantSigningKey(id, new byte[length]));

    [Fact]
    public void Names_are_quoted() =>
        Assert.Contains("\"o\"\"; DROP TABLE x\"", RowSecuritySql.Disable("o\"; DROP TABLE x"), StringComparison.Ordinal);

    private static IHost Build(NpgsqlDataSource source, OrdersDatabase database, out FakeLogCollector log,
        Action<IZeroTrustBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.AddFakeLogging();
        builder.Services.AddSingleton(source);
        builder.Services.AddSingleton<IAuthzContextAccessor>(new AuthzContextAccessor(TimeProvider.System));
        builder.Services.AddSingleton(TimeProvider.System);
        var zeroTrust = builder.Services.AddZeroTrust();
        configure?.Invoke(zeroTrust);
        zeroTrust.AddRowLevelSecurity().AddRowLevelSecurity(options =>
        {
            foreach (var shared in database.Options.SharedObjects)
            {
                options.SharedObjects.Add(shared);
            }

            options.AuditTimeout = database.Options.AuditTimeout;
            options.Pooler = database.Options.Pooler;
            options.SigningKey = database.Key;
        });
        var host = builder.Build();
        log = host.Services.GetFakeLogCollector();
        return host;
    }
}
