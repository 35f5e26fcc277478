using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz;
using ZeroTrust.Authz.Internal;
using ZeroTrust.EntityFrameworkCore.Tests.Shop;

namespace ZeroTrust.EntityFrameworkCore.Tests.Shapes;

/// <summary>A database of one shape, its tables made and its rows put in past every guard.</summary>
internal sealed class ShapedHost : IDisposable
{
    private readonly AuthzContextAccessor _accessor = new(TimeProvider.System);
    private readonly ServiceProvider _services;
    private readonly TestDatabase _database;

    internal ShapedHost(TestDatabase database, ModelShape shape, Action<TenancyBuilder<ShapedDb>>? configure = null)
    {
        _database = database;
        var services = new ServiceCollection();
        services.AddSingleton<IAuthzContextAccessor>(_accessor);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(shape);
        services.AddDbContext<ShapedDb>(options =>
        {
            database.Use(options);
            options.EnableServiceProviderCaching(false);
        });
        services.AddZeroTrust().AddTenancy(configure);
        _services = services.BuildServiceProvider();
        CreateTables(shape);
    }

    internal string[] Read(string sql) => _database.Read(sql);

    internal T As<T>(string tenant, Func<ShapedDb, T> act)
    {
        using var entered = _accessor.Enter(Contexts.Of(tenant, TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(120)));
        using var scope = _services.CreateScope();
        return act(scope.ServiceProvider.GetRequiredService<ShapedDb>());
    }

    public void Dispose()
    {
        _services.Dispose();
        _database.Dispose();
    }

    private void CreateTables(ModelShape shape)
    {
        var plain = new DbContextOptionsBuilder<ShapedDb>();
        _database.Use(plain);
        plain.EnableServiceProviderCaching(false);
        using (var owner = new ShapedDb(plain.Options, shape with { Finish = null }))
        {
            _ = owner.Database.EnsureCreated();
        }

        using var connection = _database.Open();
        string[] statements = [.. shape.Seed, .. connection is Npgsql.NpgsqlConnection ? shape.PostgresSeed : shape.SqliteSeed];
        foreach (var statement in statements)
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
            command.CommandText = statement;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }
}
