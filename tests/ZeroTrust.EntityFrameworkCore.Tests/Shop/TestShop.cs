using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Authz;
using ZeroTrust.Authz.Internal;

namespace ZeroTrust.EntityFrameworkCore.Tests.Shop;

/// <summary>A shop with two tenants, a and b, that own one row of each kind: a has ids 1, b has ids 2.</summary>
internal sealed class TestShop : IDisposable
{
    private readonly ServiceProvider _services;

    internal TestShop(
        TestDatabase database,
        Action<TenancyBuilder<ShopDb>>? configure = null,
        IInterceptor? interceptor = null,
        IModel? model = null,
        Action<DbContextOptionsBuilder>? options = null,
        bool isFilled = true)
    {
        Database = database;
        Accessor = new AuthzContextAccessor(Time);
        var services = new ServiceCollection();
        services.AddSingleton<IAuthzContextAccessor>(Accessor);
        services.AddSingleton<TimeProvider>(Time);
        services.AddDbContextPool<ShopDb>(db =>
        {
            database.Use(db);
            options?.Invoke(db);
            if (interceptor is not null)
            {
                db.AddInterceptors(interceptor);
            }

            if (model is not null)
            {
                db.UseModel(model);
            }
        });
        services.AddSingleton(new TestDatabaseHolder(database));
        services.AddZeroTrust().AddTenancy(configure);
        _services = services.BuildServiceProvider();
        var plain = new DbContextOptionsBuilder<ShopDb>();
        database.Use(plain);
        using (var owner = new ShopDb(plain.Options))
        {
            // SQLite in memory has a database as soon as it is opened.
            _ = owner.Database.EnsureCreated();
        }

        if (model is not null || !isFilled)
        {
            return;
        }

        Fill("a", 1);
        Fill("b", 2);
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO \"Countries\" (\"Id\", \"Name\") VALUES (1, 'Utopia'), (2, 'Atlantis')";
        Assert.Equal(2, command.ExecuteNonQuery());
    }

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    internal AuthzContextAccessor Accessor { get; }

    internal TestDatabase Database { get; }

    internal IServiceProvider Services => _services;

    /// <summary>Everything b owns, past every guard.</summary>
    internal string[] RowsOfB =>
    [
        .. Database.Read("SELECT 'blog', \"Id\", \"Name\", \"Address_Street\" FROM \"Blogs\" WHERE \"Tenant\" = 'b' ORDER BY \"Id\""),
        .. Database.Read("SELECT 'post', \"Id\", \"BlogId\", \"Title\" FROM \"Posts\" WHERE \"Tenant\" = 'b' ORDER BY \"Id\""),
        .. Database.Read("SELECT 'invoice', \"Id\", \"Text\" FROM \"Invoices\" WHERE \"TenantId\" = 'b' ORDER BY \"Id\""),
        .. Database.Read("SELECT 'line', \"Id\", \"Text\" FROM \"InvoiceLine\" WHERE \"InvoiceTenantId\" = 'b' ORDER BY \"Id\""),
        .. Database.Read("SELECT 'note', \"Id\", \"Text\" FROM \"Notes\" WHERE \"TenantId\" = 'b' ORDER BY \"Id\""),
    ];

    internal static readonly string[] UntouchedRowsOfB = ["blog|2|blog of b|street of b", "post|2|2|post of b", "invoice|2|invoice of b", "line|1|line of b", "note|2|note of b"];

    internal AuthzContext Context(string tenant, params string[] permissions) => Contexts.Of(tenant, Time.GetUtcNow() + TimeSpan.FromSeconds(120), permissions);

    internal AuthzContextScope Enter(string tenant) => Accessor.Enter(Context(tenant));

    internal IServiceScope CreateScope() => _services.CreateScope();

    /// <summary>Acts as a tenant, in a scope and a database context of its own.</summary>
    internal T As<T>(string tenant, Func<ShopDb, T> act)
    {
        using var entered = Enter(tenant);
        using var scope = CreateScope();
        return act(scope.ServiceProvider.GetRequiredService<ShopDb>());
    }

    internal void As(string tenant, Action<ShopDb> act) => As(tenant, db =>
    {
        act(db);
        return 0;
    });

    /// <summary>Acts as a and expects this refusal; b's rows stay as they are.</summary>
    internal void Refused(string code, Action<ShopDb> act)
    {
        Assert.Equal(code, RefusalOf(() => As("a", act)).Code);
        Assert.Equal(UntouchedRowsOfB, RowsOfB);
    }

    /// <summary>The refusal, which Entity Framework Core may have wrapped.</summary>
    internal static Rejection RefusalOf(Action act)
    {
        var exception = Record.Exception(act);
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is RejectionException refusal)
            {
                return refusal.Rejection;
            }
        }

        throw new InvalidOperationException($"Not refused: {exception}");
    }

    /// <summary>Acts as a and expects the database to find no such row.</summary>
    internal void TouchesNothing(Action<ShopDb> act)
    {
        Assert.Throws<DbUpdateConcurrencyException>(() => As("a", act));
        Assert.Equal(UntouchedRowsOfB, RowsOfB);
    }

    public void Dispose()
    {
        _services.Dispose();
        Database.Dispose();
    }

    private void Fill(string tenant, int id) => As(tenant, db =>
    {
        db.Add(new Blog { Id = id, Name = $"blog of {tenant}", Address = new Address { Street = $"street of {tenant}" } });
        db.Add(new Post { Id = id, BlogId = id, Title = $"post of {tenant}" });
        db.Add(new Invoice { Id = id, Text = $"invoice of {tenant}", Lines = { new InvoiceLine { Id = 1, Text = $"line of {tenant}" } } });
        db.Add(new Note { Id = id, Text = $"note of {tenant}" });
        db.SaveChanges();
    });
}
