using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ZeroTrust.Authz;
using ZeroTrust.Authz.Internal;
using ZeroTrust.EntityFrameworkCore.Tests.Shop;

namespace ZeroTrust.EntityFrameworkCore.Tests;

/// <summary>Database contexts beside the one that AddDbContext made: keyed, by factories and delegates, under another type.</summary>
public sealed class TenancyRegistrationTests
{
    private static readonly Dictionary<string, Action<IServiceCollection>> _handmade = new(StringComparer.Ordinal)
    {
        ["keyed"] = services => services.AddKeyedScoped("admin", (_, _) => Handmade()),
        ["a second one"] = services => services.AddScoped(_ => Handmade()),
        ["one before the others"] = services => services.Insert(0, ServiceDescriptor.Scoped(_ => Handmade())),
        ["a factory"] = services => services.AddSingleton<IDbContextFactory<RowsDb>>(new HandmadeFactory()),
        ["a keyed factory"] = services => services.AddKeyedSingleton<IDbContextFactory<RowsDb>>("admin", new HandmadeFactory()),
        ["a delegate"] = services => services.AddTransient<Func<RowsDb>>(_ => Handmade),
        ["a lazy one"] = services => services.AddScoped(_ => new Lazy<RowsDb>(Handmade)),
        ["under its base type"] = services => services.AddScoped<DbContext>(_ => Handmade()),
        ["an instance of an interface"] = services => services.AddSingleton<IRows>(Handmade()),
        ["keyed options"] = services => services.AddKeyedSingleton("admin", Options()),
    };

    private static readonly Dictionary<string, Action<IServiceCollection>> _undecided = new(StringComparer.Ordinal)
    {
        ["under the type of all"] = services => services.AddScoped<DbContext>(_ => new OtherDb()),
        ["a lazy one"] = services => services.AddScoped(_ => new Lazy<OtherDb>(() => new OtherDb())),
        ["a delegate"] = services => services.AddSingleton<Func<string, OtherDb>>(_ => _ => new OtherDb()),
        ["keyed"] = services => services.AddKeyedScoped("other", (_, _) => new OtherDb()),
        ["keyed, under another type"] = services => services.AddKeyedScoped<IDisposable, OtherDb>("other"),
        ["a keyed instance under another type"] = services => services.AddKeyedSingleton<IDisposable>("other", new OtherDb()),
    };

    private static readonly Dictionary<string, Action<IServiceCollection>> _sound = new(StringComparer.Ordinal)
    {
        ["under the type of all"] = services => services.AddScoped<DbContext>(provider => provider.GetRequiredService<RowsDb>()),
        ["by an interface"] = services => services.AddScoped<IRows>(provider => provider.GetRequiredService<RowsDb>()),
        ["keyed"] = services => services.AddKeyedScoped("same", (provider, _) => provider.GetRequiredService<RowsDb>()),
        ["a delegate"] = services => services.AddScoped<Func<RowsDb>>(provider => provider.GetRequiredService<RowsDb>),
        ["a lazy one"] = services => services.AddScoped(provider => new Lazy<RowsDb>(provider.GetRequiredService<RowsDb>)),
        ["a factory"] = services => services.AddDbContextFactory<RowsDb>(Use),
        ["a pooled factory"] = services => services.AddPooledDbContextFactory<RowsDb>(Use),
    };

    public static TheoryData<string> HandmadeWays => [.. _handmade.Keys];

    public static TheoryData<string> UndecidedWays => [.. _undecided.Keys];

    public static TheoryData<string> SoundWays => [.. _sound.Keys];

    [Theory]
    [MemberData(nameof(HandmadeWays))]
    public async Task A_confined_database_context_that_is_also_made_by_hand_stops_the_host(string way)
    {
        var message = await RefusalAsync(_handmade[way]);
        Assert.Contains("RowsDb is made with options that AddTenancy did not see", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_registration_is_told() => Assert.Contains(
        "by the service ZeroTrust.EntityFrameworkCore.Tests.TenancyRegistrationTests+RowsDb "
            + "(admin)", await RefusalAsync(_handmade["keyed"]), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(UndecidedWays))]
    public async Task An_undecided_database_context_stops_the_host_however_it_is_registered(string way) =>
        Assert.Contains("Undecided database contexts: OtherDb", await RefusalAsync(_undecided[way]), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(SoundWays))]
    public async Task Another_way_to_the_confined_database_context_passes(string way) => await StartAsync(_sound[way]);

    [Fact]
    public async Task A_database_context_that_is_registered_under_its_base_type_needs_one_decision() => await StartAsync(services =>
    {
        services.AddDbContext<BaseDb, DerivedDb>(Use);
        services.AddZeroTrust().AddTenancy<DerivedDb>();
    });

    [Fact]
    public async Task Two_database_contexts_decide_alike_about_a_table()
    {
        static void Second<TContext>(IServiceCollection services, Action<TenancyBuilder<TContext>>? configure = null)
            where TContext : DbContext => services.AddDbContext<TContext>(Use).AddZeroTrust().AddTenancy(configure);

        var message = await RefusalAsync(services => Second<SharingDb>(services));
        Assert.Contains(
            "Table Rows has different decisions: in RowsDb Row (HasTenant) in TENANTID; in SharingDb Row (shared and writable)",
            message,
            StringComparison.Ordinal);
        Assert.Contains("UsesDatabase", message, StringComparison.Ordinal);
        Assert.Contains("in OTHER", await RefusalAsync(services => Second<OtherColumnDb>(services)), StringComparison.Ordinal);
        await StartAsync(services => Second<SameDb>(services));
        await StartAsync(services => Second<SharingDb>(services, tenancy => tenancy.UsesDatabase("reports")));
        Assert.Throws<ArgumentException>(() => Second<SharingDb>(new ServiceCollection(), tenancy => tenancy.UsesDatabase(" ")));
    }

    private static async Task<string> RefusalAsync(Action<IServiceCollection> configure) =>
        (await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(configure))).Message;

    private static async Task StartAsync(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<IAuthzContextAccessor>(new AuthzContextAccessor(TimeProvider.System));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddDbContext<RowsDb>(Use);
        builder.Services.AddZeroTrust().AddTenancy<RowsDb>();
        configure(builder.Services);
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private static void Use(DbContextOptionsBuilder options) => TestDatabase.Calm(options).UseSqlite("Data Source=:memory:");

    private static DbContextOptions<RowsDb> Options()
    {
        var options = new DbContextOptionsBuilder<RowsDb>();
        Use(options);
        return options.Options;
    }

    private static RowsDb Handmade() => new(Options());

    private interface IRows;

    private sealed class HandmadeFactory : IDbContextFactory<RowsDb>
    {
        public RowsDb CreateDbContext() => Handmade();
    }

    public sealed class Row
    {
        public int Id { get; set; }
    }

    public sealed class RowsDb(DbContextOptions<RowsDb> options) : DbContext(options), IRows
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Row>().ToTable("Rows").HasTenant();
    }

    public sealed class SameDb(DbContextOptions<SameDb> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Row>().ToTable("rows").HasTenant();
    }

    public sealed class SharingDb(DbContextOptions<SharingDb> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) =>
            modelBuilder.Entity<Row>().ToTable("Rows").SharedByTenants(writable: true);
    }

    public sealed class OtherColumnDb(DbContextOptions<OtherColumnDb> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Row>().ToTable("Rows").HasTenant("Other");
    }

    public sealed class OtherDb : DbContext
    {
        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => Use(optionsBuilder);
    }

    public abstract class BaseDb(DbContextOptions options) : DbContext(options);

    public sealed class DerivedDb(DbContextOptions<DerivedDb> options) : BaseDb(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Row>().ToTable("Rows").HasTenant();
    }
}
