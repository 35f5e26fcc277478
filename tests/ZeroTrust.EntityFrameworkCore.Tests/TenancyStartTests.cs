using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
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
        using var undecided = Build(
            services => services.AddZeroTrust().AddTenancy<ShopDb>().Services.AddDbContext<KeysDb>(UseMemory), out _);
        Assert.Contains("KeysDb", (await Start(undecided)).Message, StringComparison.Ordinal);

        using var decided = Build(
            services => services.AddZeroTrust().AddTenancy<ShopDb>()
                .AddWithoutTenancy<KeysDb>("Keys of this service.").Services.AddDbContext<KeysDb>(UseMemory),
            out _);
        await decided.StartAsync(TestContext.Current.CancellationToken);
        await decided.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_undecided_type_stops_the_host()
    {
        using var host = Build(
            services => services.AddZeroTrust().AddTenancy<ShopDb>().AddTenancy<KeysDb>().Services.AddDbContext<KeysDb>(UseMemory), out _);
        Assert.Contains("Key is undecided", (await Start(host)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interceptor_of_queries_stops_the_host()
    {
        using var host = Build(services => services.AddZeroTrust().AddTenancy<ShopDb>().Services.ConfigureDbContext<ShopDb>(
            db => db.AddInterceptors(new Untouched())), out _);
        Assert.Contains(nameof(Untouched), (await Start(host)).Message, StringComparison.Ordinal);
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
    public async Task A_database_context_that_is_registered_in_another_way_is_undecided_too()
    {
        using var configuresItself = Build(
            services => services.AddZeroTrust().AddTenancy<ShopDb>().Services.AddScoped<SelfConfiguredDb>(), out _);
        Assert.Contains(nameof(SelfConfiguredDb), (await Start(configuresItself)).Message, StringComparison.Ordinal);

        using var byInterface = Build(
            services => services.AddZeroTrust().AddTenancy<ShopDb>().Services.AddScoped<IDisposable, SelfConfiguredDb>(), out _);
        Assert.Contains(nameof(SelfConfiguredDb), (await Start(byInterface)).Message, StringComparison.Ordinal);

        using var byFactory = Build(
            services => services.AddZeroTrust().AddTenancy<ShopDb>().Services.AddSingleton<IDbContextFactory<SelfConfiguredDb>>(
                _ => throw new NotSupportedException()), out _);
        Assert.Contains(nameof(SelfConfiguredDb), (await Start(byFactory)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_that_were_made_by_hand_stop_the_host()
    {
        using var host = Build(
            services =>
            {
                services.AddZeroTrust().AddTenancy<ShopDb>();
                services.AddSingleton(((DbContextOptionsBuilder<ShopDb>)InMemory(new DbContextOptionsBuilder<ShopDb>())).Options);
                services.AddScoped<ShopDb>(provider => new ShopDb(provider.GetRequiredService<DbContextOptions<ShopDb>>()));
            },
            out _);
        Assert.Contains("options that AddTenancy did not see", (await Start(host)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mapping_that_somebody_answers_for_is_told_at_start()
    {
        using var host = Build(
            services => services.AddZeroTrust().AddTenancy<ShopDb>().AddTenancy<ViewDb>().Services.AddDbContext<ViewDb>(UseMemory),
            out var log);
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.Single(log.GetSnapshot(), record => record.Id.Id == 5501 && record.Message.Contains(
            "tenancy.mapping:Key", StringComparison.Ordinal) && record.Message.Contains("The same for all.", StringComparison.Ordinal));
        Assert.Single(
            log.GetSnapshot(),
            record => record.Id.Id == 5501 && record.Message.Contains("tenancy.mapping:soundex_of", StringComparison.Ordinal));
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

    private static void UseMemory(DbContextOptionsBuilder db) => InMemory(db);

    private static DbContextOptionsBuilder InMemory(DbContextOptionsBuilder db) =>
        db.UseSqlite("Data Source=:memory:").ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.ManyServiceProvidersCreatedWarning));

    private static async Task<Exception> Start(IHost host) =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

    private static IHost Build(Action<IServiceCollection> configure, out FakeLogCollector log)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.AddFakeLogging();
        builder.Services.AddSingleton<IAuthzContextAccessor>(new AuthzContextAccessor(TimeProvider.System));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddDbContextPool<ShopDb>(UseMemory);
        configure(builder.Services);
        var host = builder.Build();
        log = host.Services.GetFakeLogCollector();
        return host;
    }

    private sealed class Untouched : IQueryExpressionInterceptor;

    public sealed class Key
    {
        public int Id { get; set; }
    }

    public sealed class SelfConfiguredDb : DbContext
    {
        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseSqlite("Data Source=:memory:");
    }

    public sealed class ViewDb(DbContextOptions<ViewDb> options) : DbContext(options)
    {
        public static string SoundexOf(string text) => throw new NotSupportedException(text);

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            modelBuilder.Entity<Key>().ToView("keys").SharedByTenants().DangerousTrustMapping("The same for all.");
            modelBuilder.HasDbFunction(() => SoundexOf(default!)).HasName("soundex_of").DangerousTrustMapping("Reads its argument alone.");
        }
    }

    public sealed class KeysDb(DbContextOptions<KeysDb> options) : DbContext(options)
    {
        public DbSet<Key> Keys => Set<Key>();
    }
}
