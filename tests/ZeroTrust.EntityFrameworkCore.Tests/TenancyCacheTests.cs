using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.EntityFrameworkCore.Tests.Shop;

namespace ZeroTrust.EntityFrameworkCore.Tests;

/// <summary>
/// No model and no compiled query serves both a confined database context and one that reads across tenants, whoever supplies the cache.
/// </summary>
public sealed class TenancyCacheTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cache_of_the_application_keeps_the_models_apart(bool isReportFirst)
    {
        using var cache = new MemoryCache(new MemoryCacheOptions());
        using var filled = Open();

        // Other applications over the same rows and the same cache; pooled contexts would keep the models they have.
        using var first = Open(options => options.UseMemoryCache(cache), isFilled: false, database: filled.Database);
        using var second = Open(options => options.UseMemoryCache(cache), isFilled: false, database: filled.Database);
        await ReadAsync(first, isReportFirst);
        cache.Compact(1.0);
        await ReadAsync(second, !isReportFirst);
    }

    [Fact]
    public async Task A_model_that_was_made_for_the_other_kind_is_refused_also_where_the_applications_own_key_hands_it_out()
    {
        using var cache = new MemoryCache(new MemoryCacheOptions());
        using var reportFirst = Open(
            options => options.UseMemoryCache(cache).ReplaceService<IModelCacheKeyFactory, OneKey>(), isFilled: false);
        Assert.Empty(await AcrossAsync(reportFirst, Ids));
        Assert.Equal("tenancy.model_unconfined", Code(() => reportFirst.As("a", Ids)));
        Assert.Equal("tenancy.model_unconfined", Code(() => reportFirst.As("a", db => db.Notes.IgnoreQueryFilters().ExecuteDelete())));
        Assert.Equal("tenancy.model_unconfined", Code(() => reportFirst.As("a", db => db.Add(new Note { Id = 9 }))));

        using var other = new MemoryCache(new MemoryCacheOptions());
        using var reportLast = Open(options => options.UseMemoryCache(other).ReplaceService<IModelCacheKeyFactory, OneKey>());
        Assert.Equal("1", reportLast.As("a", Ids));
        Assert.Equal("tenancy.model_unconfined", await CodeAsync(reportLast, Ids));
    }

    [Fact]
    public async Task A_model_that_is_handed_over_is_refused_by_the_other_kind()
    {
        IModel? given = null;
        using var shop = Open(options =>
        {
            if (given is not null)
            {
                options.UseModel(given);
            }
        });
        given = shop.As("a", db => db.Model);
        Assert.Equal("tenancy.model_unconfined", await CodeAsync(shop, Ids));

        given = null;
        given = await AcrossAsync(shop, db => db.Model);
        using var other = Open(options => options.UseModel(given), isFilled: false);
        Assert.Equal("tenancy.model_unconfined", Code(() => other.As("a", db => db.Notes.IgnoreQueryFilters().Count())));
        Assert.Equal("tenancy.model_unconfined", Code(() => other.As("a", db => db.Notes.Find(2))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_compiled_query_that_is_kept_serves_one_kind(bool isReportFirst)
    {
        using var shop = Open();
        var kept = EF.CompileQuery((ShopDb db) => db.Notes.IgnoreQueryFilters().Select(note => note.Id));
        if (isReportFirst)
        {
            Assert.Equal("1,2", await AcrossAsync(shop, db => Join(kept(db))));
            Assert.Throws<InvalidOperationException>(() => shop.As("a", db => Join(kept(db))));
        }
        else
        {
            Assert.Equal("1", shop.As("a", db => Join(kept(db))));
            await Assert.ThrowsAsync<InvalidOperationException>(() => AcrossAsync(shop, db => Join(kept(db))));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_compiled_query_of_the_other_kind_is_refused_also_where_the_applications_own_key_hands_it_out(bool isReportFirst)
    {
        using var cache = new MemoryCache(new MemoryCacheOptions());
        using var shop = Open(options => options.UseMemoryCache(cache).ReplaceService<ICompiledQueryCacheKeyGenerator, BlindQueryKey>());
        if (isReportFirst)
        {
            Assert.Equal("1,2", await AcrossAsync(shop, Ids));
            Assert.NotEmpty(Code(() => shop.As("a", Ids)));
        }
        else
        {
            Assert.Equal("1", shop.As("a", Ids));
            Assert.NotEmpty(await CodeAsync(shop, Ids));
        }
    }

    [Fact]
    public void A_query_with_raw_sql_is_not_taken_from_a_context_that_may_have_it()
    {
        using var cache = new MemoryCache(new MemoryCacheOptions());
        using var lax = new TestShop(
            TestDatabase.Sqlite(),
            tenancy => tenancy.DangerousAllowRawSql("Old reports."),
            options: options => options.UseMemoryCache(cache));
        using var strict = Open(options => options.UseMemoryCache(cache));
        Assert.Equal("1", lax.As("a", WithRawSql));
        Assert.Equal("tenancy.raw_sql_refused", Code(() => strict.As("a", WithRawSql)));
    }

    [Fact]
    public void An_internal_service_provider_of_the_application_is_refused()
    {
        using var provider = new ServiceCollection().AddEntityFrameworkSqlite().BuildServiceProvider();
        using var shop = Open(options => options.UseInternalServiceProvider(provider), isFilled: false);
        Assert.Contains(
            "UseInternalServiceProvider",
            Assert.Throws<InvalidOperationException>(() => shop.As("a", Ids)).Message,
            StringComparison.Ordinal);
    }

    private static async Task ReadAsync(TestShop shop, bool isReportFirst)
    {
        if (isReportFirst)
        {
            Assert.Equal("1,2", await AcrossAsync(shop, Ids));
        }

        Assert.Equal("1", shop.As("a", Ids));
        Assert.Equal("2", shop.As("b", Ids));
        Assert.Equal("1,2", await AcrossAsync(shop, Ids));
        Assert.Equal("2", shop.As("b", Ids));
    }

    private static string Ids(ShopDb db) => Join(db.Notes.IgnoreQueryFilters().Select(note => note.Id));

    private static string WithRawSql(ShopDb db) =>
        Join(db.Notes.Where(note => db.Blogs.FromSqlRaw("SELECT * FROM \"Blogs\"").Any()).Select(note => note.Id));

    private static string Join(IEnumerable<int> ids) => string.Join(',', ids.AsEnumerable().Order());

    private static TestShop Open(Action<DbContextOptionsBuilder>? options = null, bool isFilled = true, TestDatabase? database = null) =>
        new(
        database ?? TestDatabase.Sqlite(),
        tenancy => tenancy.AllowCrossTenantReads((services, report) =>
        {
            services.GetRequiredService<TestDatabaseHolder>().Database.Use(report);
            options?.Invoke(report);
        }),
        options: options,
        isFilled: isFilled);

    private static async Task<T> AcrossAsync<T>(TestShop shop, Func<ShopDb, T> act)
    {
        using var scope = shop.CreateScope();
        await using var db = scope.ServiceProvider.GetRequiredService<ICrossTenantDbContextFactory<ShopDb>>()
            .CreateDbContext(await Contexts.GrantAsync(shop));
        return act(db);
    }

    private static string Code(Action act) => TestShop.RefusalOf(act).Code;

    private static async Task<string> CodeAsync<T>(TestShop shop, Func<ShopDb, T> act)
    {
        var exception = await Record.ExceptionAsync(() => AcrossAsync(shop, act));
        return Code(() => throw exception!);
    }

    private sealed class OneKey : IModelCacheKeyFactory
    {
        public object Create(DbContext context, bool designTime) => (context.GetType(), designTime);
    }

    private sealed class BlindQueryKey : ICompiledQueryCacheKeyGenerator
    {
        public object GenerateCacheKey(Expression query, bool async) => (query.ToString(), async);
    }
}
