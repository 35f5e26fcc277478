using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Sqlite.Infrastructure.Internal;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql.EntityFrameworkCore.PostgreSQL.Storage.Internal;
using ZeroTrust.Authz.Internal;
using ZeroTrust.Authz;
using ZeroTrust.EntityFrameworkCore.Tests.Shapes;
using ZeroTrust.EntityFrameworkCore.Tests.Shop;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.EntityFrameworkCore.Tests;

#pragma warning disable EF1001 // Providers have internal services, which packages register.

/// <summary>Tenants that differ in the process are not one in the database.</summary>
public sealed class TenancyColumnTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly Dictionary<string, (string Expected, Action<PropertyBuilder<string>> Map)> _sqlite = new(StringComparer.Ordinal)
    {
        ["cut short by a converter"] = ("has a value converter", tenant => tenant.HasConversion(
            text => text.Substring(0, 4), text => text)),
        ["folded by a converter"] = ("has a value converter", tenant => tenant.HasConversion<Folding>()),
        ["a number by a converter"] = ("has a value converter", tenant => tenant.HasConversion<int>()),
        ["a number"] = ("is kept as INTEGER", tenant => tenant.HasColumnType("INTEGER")),
        ["a number by affinity"] = ("is kept as string", tenant => tenant.HasColumnType("string")),
        ["bytes"] = ("is kept as BLOB", tenant => tenant.HasColumnType("BLOB")),
        ["padded"] = ("is kept as char(10)", tenant => tenant.HasColumnType("char(10)")),
        ["of a collation"] = ("is compared by the collation NOCASE", tenant => tenant.UseCollation("NOCASE")),
        ["of a collation in its type"] = ("is kept as TEXT COLLATE NOCASE", tenant => tenant.HasColumnType("TEXT COLLATE NOCASE")),
        ["of a type that ends like text"] = ("is kept as INT varchar(10)", tenant => tenant.HasColumnType("INT varchar(10)")),
        ["of a length with more in it"] = ("is kept as varchar(10) COLLATE NOCASE CHECK (1)", tenant => tenant.HasColumnType(
            "varchar(10) COLLATE NOCASE CHECK (1)")),
    };

    private static readonly Dictionary<string,
    (string Expected, Action<PropertyBuilder<string>> Map)> _postgres = new(StringComparer.Ordinal)
    {
        ["cut short by a converter"] = _sqlite["cut short by a converter"],
        ["of fixed length"] = ("is kept as character(128)", tenant => tenant.IsFixedLength()),
        ["padded"] = ("is kept as char(10)", tenant => tenant.HasColumnType("char(10)")),
        ["without case"] = ("is kept as citext", tenant => tenant.HasColumnType("citext")),
        ["of a collation"] = ("is compared by the collation", tenant => tenant.UseCollation("en-x-icu")),
    };

    private static readonly Dictionary<string, Action<PropertyBuilder<string>>> _sound = new(StringComparer.Ordinal)
    {
        ["of the default"] = _ => { },
        ["text"] = tenant => tenant.HasColumnType("text"),
        ["varchar of a length"] = tenant => tenant.HasColumnType("VARCHAR(64)"),
        ["character varying"] = tenant => tenant.HasColumnType("character varying (64)"),
        ["short"] = tenant => tenant.HasMaxLength(36),
        ["of a binary collation"] = tenant => tenant.UseCollation("C"),
    };

    public static TheoryData<string> OnSqlite => [.. _sqlite.Keys];

    public static TheoryData<string> OnPostgres => [.. _postgres.Keys];

    public static TheoryData<string> Sound => [.. _sound.Keys];

    [Theory]
    [MemberData(nameof(OnSqlite))]
    public void A_tenant_that_the_database_could_take_for_another_is_refused_on_Sqlite(string kept) =>
        Refused(_sqlite[kept].Expected, OfText(_sqlite[kept].Map), UseSqlite);

    [Theory]
    [MemberData(nameof(OnPostgres))]
    public void A_tenant_that_the_database_could_take_for_another_is_refused_on_Postgres(string kept) =>
        Refused(_postgres[kept].Expected, OfText(_postgres[kept].Map), UseNpgsql);

    [Theory]
    [MemberData(nameof(Sound))]
    public void A_tenant_that_is_kept_as_it_is_passes(string kept)
    {
        Check(OfText(_sound[kept]), UseSqlite);
        Check(OfText(_sound[kept]), UseNpgsql);
    }

    [Fact]
    public void A_tenant_id_is_kept_as_its_text_and_in_no_other_way()
    {
        Refused(
            "has a value converter",
            OfId(tenant => tenant.HasConversion(id => id.ToString().Replace("-", ""), text => TenantId.Parse(text))),
            UseSqlite);
        Refused(
            "has a value converter", OfId(tenant => tenant.HasConversion(id => id.ToString(), text => TenantId.Parse("acme"))), UseSqlite);
        Check(OfId(tenant => tenant.HasConversion(id => id.ToString(), stored => TenantId.Parse(stored))), UseSqlite);
        Check(OfId(_ => { }), UseNpgsql);
    }

    [Fact]
    public void The_tenant_of_an_owned_table_or_part_is_looked_at_too()
    {
        Refused("has a value converter", (model, _) =>
        {
            SoundModels.OwnedReference.Shape(model, null!);
            model.Entity<Purchase>()
                .OwnsOne(row => row.Line!, line => line.Property<string>("Tenant").HasConversion(text => text.Trim('0'), text => text));
        }, UseSqlite);
        Refused("is compared by the collation NOCASE", (model, _) =>
        {
            var purchase = model.Entity<Purchase>().Ignore(row => row.Line).HasTenant(row => row.Tenant);
            purchase.HasKey(row => new { row.Tenant, row.Id });
            purchase.OwnsMany(row => row.Lines, lines => lines.Property<string>("PurchaseTenant").UseCollation("NOCASE"));
        }, UseSqlite);
    }

    [Fact]
    public void Where_the_database_enforces_the_tenant_it_is_refused_all_the_same() => Refused(
        "has a value converter", OfText(_sqlite["cut short by a converter"].Map), UseNpgsql, tenancy => tenancy.EnforcedByDatabase());

    [Fact]
    public void A_tenant_too_long_for_its_column_is_no_other_tenant()
    {
        foreach (var database in new[] { TestDatabase.Sqlite(), TestDatabase.Postgres(server) })
        {
            var shape = new ModelShape("short", "", [typeof(Product)], OfText(tenant => tenant.HasColumnType("varchar(4)").HasMaxLength(4)))
            {
                Seed = ["INSERT INTO \"Products\" (\"Id\", \"Tenant\", \"Name\") VALUES (1, 'acme', 'secret')"],
            };
            using var host = new ShapedHost(database, shape);
            Assert.Empty(host.As("acme-two", db => db.Set<Product>().ToList()));
            Assert.Equal(0, host.As("acme-two", db => db.Set<Product>().ExecuteDelete()));
            _ = Record.Exception(() => host.As("acme-two", db => db.Add(new Product { Id = 2 }).Context.SaveChanges()));
            Assert.Equal(["secret"], host.As("acme", db => db.Set<Product>().Select(row => row.Name).ToArray()));
        }
    }

    [Fact]
    public void A_short_column_is_refused_where_the_database_could_cut_a_tenant_short()
    {
        static void Use(DbContextOptionsBuilder options)
        {
            UseSqlite(options);
            options.ReplaceService<IDatabaseProvider, CuttingProvider>();
        }

        Refused("is shorter than a tenant id may be", OfText(tenant => tenant.HasMaxLength(36)), Use, tenancy => tenancy.EnforcedByDatabase());
        Check(OfText(_ => { }), Use, tenancy => tenancy.EnforcedByDatabase());
    }

    [Fact]
    public void A_service_that_only_this_provider_has_is_its_own()
    {
        static void Use(DbContextOptionsBuilder options)
        {
            UseNpgsql(options);
            ServicesExtension.Of(services => services.AddScoped<INpgsqlRelationalConnection>(
                provider => ActivatorUtilities.CreateInstance<NpgsqlRelationalConnection>(provider)))(options);
        }

        Refused("is registered for INpgsqlRelationalConnection by an extension", OfText(_ => { }), Use);
        Check(OfText(_ => { }), UseNpgsql, configure: null);
    }

    private static Action<ModelBuilder, ShapedDb> OfText(Action<PropertyBuilder<string>> map) => (model, _) =>
    {
        ModelFlaws.Products(model);
        map(model.Entity<Product>().Property(row => row.Tenant));
    };

    private static Action<ModelBuilder, ShapedDb> OfId(Action<PropertyBuilder<TenantId>> map) => (model, _) =>
    {
        model.Entity<Blog>().Ignore(row => row.Posts).Ignore(row => row.Address).HasTenant(row => row.Tenant);
        map(model.Entity<Blog>().Property(row => row.Tenant));
    };

    private static void UseSqlite(DbContextOptionsBuilder options) => options.UseSqlite("Data Source=:memory:");

    private static void UseNpgsql(DbContextOptionsBuilder options) => options.UseNpgsql("Host=localhost");

    private static void Refused(
        string expected, Action<ModelBuilder, ShapedDb> shape, Action<DbContextOptionsBuilder> provider,
        Action<TenancyBuilder<ShapedDb>>? configure = null) =>
        Assert.Contains(
            expected, Assert.Throws<InvalidOperationException>(() => Check(shape, provider, configure)).Message, StringComparison.Ordinal);

    private static void Check(
        Action<ModelBuilder, ShapedDb> shape, Action<DbContextOptionsBuilder> provider, Action<TenancyBuilder<ShapedDb>>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IAuthzContextAccessor>(new AuthzContextAccessor(TimeProvider.System));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new ModelShape("column", "", [], shape));
        services.AddDbContext<ShapedDb>(options => provider(TestDatabase.Calm(options).EnableServiceProviderCaching(false)));
        services.AddZeroTrust().AddTenancy(configure);
        using var built = services.BuildServiceProvider();
        using var scope = built.CreateScope();
        CheckedModel.Require(scope.ServiceProvider.GetRequiredService<ShapedDb>());
    }

    private sealed class Folding() : ValueConverter<string, string>(text => text.Trim('0'), text => text);

    private sealed class CuttingProvider(DatabaseProviderDependencies dependencies) : DatabaseProvider<SqliteOptionsExtension>(dependencies)
    {
        public override string Name => "Another.Provider";
    }
}
