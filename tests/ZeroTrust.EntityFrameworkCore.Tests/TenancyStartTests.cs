using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using ZeroTrust.Authz;
using ZeroTrust.Authz.Internal;
using ZeroTrust.EntityFrameworkCore.Tests.Shop;

namespace ZeroTrust.EntityFrameworkCore.Tests;

public sealed class TenancyStartTests
{
    [Fact]
    public async Task The_host_starts_with_confined_contexts_and_says_so()
    {
        using var host = Build(services => services.AddZeroTrust().AddTenancy<ShopDb>().AddTenancy<ShopDb>(), out var log);
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.Contains(log.GetSnapshot(), record => record.Id.Id == 5500 && record.Message.Contains("ShopDb", StringComparison.Ordinal));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_undecided_database_context_stops_the_host()
    {
        using var undecided = Build(services => services.AddZeroTrust().AddTenancy<ShopDb>().Services.AddDbContext<KeysDb>(db => db.UseSqlite("Data Source=:memory:")), out _);
        Assert.Contains("KeysDb", (await Start(undecided)).Message, StringComparison.Ordinal);

        using var decided = Build(services => services.AddZeroTrust().AddTenancy<ShopDb>().AddWithoutTenancy<KeysDb>("Keys of this service.").Services.AddDbContext<KeysDb>(db => db.UseSqlite("Data Source=:memory:")), out _);
        await decided.StartAsync(TestContext.Current.CancellationToken);
        await decided.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_undecided_type_stops_the_host()
    {
        using var host = Build(services => services.AddZeroTrust().AddTenancy<ShopDb>().AddTenancy<KeysDb>().Services.AddDbContext<KeysDb>(db => db.UseSqlite("Data Source=:memory:")), out _);
        Assert.Contains("Key is undecided", (await Start(host)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_weakened_check_is_told_at_start()
    {
        using var host = Build(services => services.AddZeroTrust().AddTenancy<ShopDb>(tenancy => tenancy.DangerousAllowRawSql("Old reports.")).AddTenancy<ShopDb>(), out var log);
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.Single(log.GetSnapshot(), record => record.Id.Id == 5501 && record.Level == LogLevel.Warning && record.Message.Contains("Old reports.", StringComparison.Ordinal));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_model_without_the_guards_has_no_rows()
    {
        using var shop = new TestShop(TestDatabase.Sqlite());
        var plain = new DbContextOptionsBuilder<ShopDb>();
        shop.Database.Use(plain);
        using var db = new ShopDb(plain.Options);
        Assert.Empty(db.Blogs.ToList());
        Assert.Empty(db.Notes.ToList());
        Assert.Throws<DbUpdateException>(() => db.Notes.Add(new Note { Id = 9 }).Context.SaveChanges());
    }

    private static async Task<Exception> Start(IHost host) =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

    private static IHost Build(Action<IServiceCollection> configure, out FakeLogCollector log)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.AddFakeLogging();
        builder.Services.AddSingleton<IAuthzContextAccessor>(new AuthzContextAccessor(TimeProvider.System));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddDbContextPool<ShopDb>(db => db.UseSqlite("Data Source=:memory:"));
        configure(builder.Services);
        var host = builder.Build();
        log = host.Services.GetFakeLogCollector();
        return host;
    }

    public sealed class Key
    {
        public int Id { get; set; }
    }

    public sealed class KeysDb(DbContextOptions<KeysDb> options) : DbContext(options)
    {
        public DbSet<Key> Keys => Set<Key>();
    }
}
