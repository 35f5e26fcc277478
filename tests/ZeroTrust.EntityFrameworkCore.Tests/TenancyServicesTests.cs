using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking.Internal;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Internal;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Metadata.Conventions.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.Internal;
using Microsoft.EntityFrameworkCore.Sqlite.Update.Internal;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.EntityFrameworkCore.Update;
using Microsoft.EntityFrameworkCore.Update.Internal;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz;
using ZeroTrust.Authz.Internal;
using ZeroTrust.EntityFrameworkCore.Tests.Shapes;
using ZeroTrust.EntityFrameworkCore.Tests.Shop;

namespace ZeroTrust.EntityFrameworkCore.Tests;

#pragma warning disable EF1001 // Packages replace internal services, so the tests do.

/// <summary>Services of packages between the confined query or save and its SQL, each beside its nearest accepted neighbour.</summary>
public sealed class TenancyServicesTests
{
    private static readonly Dictionary<string, Action<DbContextOptionsBuilder>> _ways = new(StringComparer.Ordinal)
    {
        ["a decorated part of queries"] = ServicesExtension.Of(Decorate),
        ["a part of queries by a delegate"] = ServicesExtension.Of(services => services.AddScoped<IQueryTranslationPreprocessorFactory>(
            provider => ActivatorUtilities.CreateInstance<RelationalQueryTranslationPreprocessorFactory>(provider))),
        ["an instance"] = ServicesExtension.Of(services => services.AddSingleton<IMethodCallTranslatorPlugin>(new Translators())),
        ["a translator of method calls"] = ServicesExtension.Of(services => services.AddScoped<IMethodCallTranslatorPlugin, Translators>()),
        ["a writer of the SQL of queries"] = ServicesExtension.Of(services => services.AddScoped<IQuerySqlGeneratorFactory, SqlFactory>()),
        ["a writer of the SQL of saves"] = ServicesExtension.Of(services => services.AddScoped<IUpdateSqlGenerator>(
            provider => ActivatorUtilities.CreateInstance<SqliteUpdateSqlGenerator>(provider))),
        ["a known type made of the application's"] = ServicesExtension.Of(
            services => services.AddScoped<IIdentityMap, IdentityMap<Note>>()),
        ["a replaced writer of the SQL of saves"] = options => options.ReplaceService<IUpdateSqlGenerator, SqliteUpdateSqlGenerator>(),
        ["replaced commands of saves"] = options => options.ReplaceService<IModificationCommandFactory, ModificationCommandFactory>(),
        ["replaced batches"] = options => options.ReplaceService<ICommandBatchPreparer, CommandBatchPreparer>(),
        ["a replaced database"] = options => options.ReplaceService<IDatabase, RelationalDatabase>(),
        ["a replaced tracker"] = options => options.ReplaceService<IStateManager, StateManager>(),
    };

    private static readonly Dictionary<string, Action<DbContextOptionsBuilder>> _guards = new(StringComparer.Ordinal)
    {
        ["a replaced finder"] = options => options.ReplaceService<IEntityFinderSource, EntityFinderSource>(),
        ["finders of an extension"] = ServicesExtension.Of(services => services.AddScoped<IEntityFinderFactory>(
            provider => ActivatorUtilities.CreateInstance<EntityFinderFactory>(provider))),
        ["a replaced factory of finders"] = options => options.ReplaceService<IEntityFinderFactory, EntityFinderFactory>(),
        ["replaced interceptors"] = options => options.ReplaceService<IInterceptors, NoInterceptors>(),
    };

    private static readonly Dictionary<string, Action<DbContextOptionsBuilder>> _neighbours = new(StringComparer.Ordinal)
    {
        ["a convention"] = ServicesExtension.Of(services => services.AddScoped<IConventionSetPlugin, Convention>()),
        ["a type mapping"] = ServicesExtension.Of(services => services.AddSingleton<IRelationalTypeMappingSourcePlugin, Mappings>()),
        ["finders before those of the tenant"] = ServicesExtension.Of(
            services => services.AddSingleton<IEntityFinderSource, EntityFinderSource>()),
        ["a selector of converters"] = options => options.ReplaceService<IValueConverterSelector, ValueConverterSelector>(),
        ["a known type made of a type of the runtime"] = ServicesExtension.Of(
            services => services.AddScoped<IIdentityMap, IdentityMap<string>>()),
        ["a service of its own"] = ServicesExtension.Of(services => services.AddScoped<Ordinary>()),
        ["a service of the provider, once more"] = ServicesExtension.Of(
            services => services.Add(services.Last(service => service.ServiceType == typeof(IQuerySqlGeneratorFactory)))),
    };

    public static TheoryData<string> Ways => [.. _ways.Keys];

    public static TheoryData<string> Guards => [.. _guards.Keys];

    public static TheoryData<string> Neighbours => [.. _neighbours.Keys];

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_part_of_queries_or_saves_that_is_not_the_providers_is_refused(string way)
    {
        using var refused = Open(_ways[way]);
        Action<ShopDb>[] acts =
            [db => _ = db.Notes.ToList(), db => db.Add(new Note { Id = 3 }).Context.SaveChanges(), CheckedModel.Require];
        foreach (var act in acts)
        {
            Assert.Contains(
                "tenant", Assert.ThrowsAny<InvalidOperationException>(() => refused.As("a", act)).Message, StringComparison.Ordinal);
        }

        using var enforced = Open(_ways[way], tenancy => tenancy.EnforcedByDatabase());
        enforced.As("a", CheckedModel.Require);
        using var allowed = Open(_ways[way], tenancy => tenancy.DangerousAllowRawSql("Known to keep the filters."));
        allowed.As("a", CheckedModel.Require);
    }

    [Theory]
    [MemberData(nameof(Guards))]
    public void A_guard_that_is_replaced_is_refused_also_where_the_database_enforces_the_tenant(string way)
    {
        using var refused = Open(_guards[way]);
        Assert.Contains(
            "is replaced",
            Assert.Throws<InvalidOperationException>(() => refused.As("a", CheckedModel.Require)).Message,
            StringComparison.Ordinal);
        using var enforced = Open(_guards[way], tenancy => tenancy.EnforcedByDatabase());
        Assert.Contains(
            "is replaced",
            Assert.Throws<InvalidOperationException>(() => enforced.As("a", CheckedModel.Require)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Finders_of_Entity_Framework_Core_behind_those_of_the_tenant_are_refused()
    {
        using var database = TestDatabase.Sqlite();
        var services = new ServiceCollection();
        services.AddSingleton<IAuthzContextAccessor>(new AuthzContextAccessor(TimeProvider.System));
        services.AddSingleton(TimeProvider.System);
        services.AddDbContext<ShopDb>(options => database.Use(options));
        services.AddZeroTrust().AddTenancy<ShopDb>();
        services.ConfigureDbContext<ShopDb>(
            ServicesExtension.Of(inner => inner.AddSingleton<IEntityFinderSource, EntityFinderSource>()));
        using var provider = services.BuildServiceProvider();
        using var scope = provider.CreateScope();
        var refusal = Assert.Throws<InvalidOperationException>(() => CheckedModel.Require(scope.ServiceProvider.GetRequiredService<ShopDb>()));
        Assert.Contains("IEntityFinderSource is replaced", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Neighbours))]
    public void What_takes_no_part_in_queries_and_saves_passes(string way)
    {
        using var shop = Open(_neighbours[way]);
        shop.As("a", db => db.Add(new Note { Id = 3, Text = "own" }).Context.SaveChanges());
        Assert.Equal(["own"], shop.As("a", db => db.Notes.Select(note => note.Text).ToList()));
    }

    [Fact]
    public void The_service_and_its_source_are_told_with_what_to_do()
    {
        using var shop = Open(_ways["a decorated part of queries"]);
        var message = Assert.Throws<InvalidOperationException>(() => shop.As("a", CheckedModel.Require)).Message;
        Assert.Contains(nameof(IQueryTranslationPreprocessorFactory), message, StringComparison.Ordinal);
        Assert.Contains("ExpandingFactory", message, StringComparison.Ordinal);
        Assert.Contains("DangerousAllowRawSql", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expression_of_the_applications_own_kind_is_refused_in_a_query()
    {
        using var shop = Open(_ => { });
        Assert.Equal("tenancy.command_unconfined", TestShop.RefusalOf(() => shop.As("a", db =>
            _ = db.Notes.Where(Expression.Lambda<Func<Note, bool>>(new Late(), Expression.Parameter(typeof(Note)))).ToList())).Code);
    }

    private static TestShop Open(Action<DbContextOptionsBuilder> options, Action<TenancyBuilder<ShopDb>>? configure = null)
    {
        var shop = new TestShop(TestDatabase.Sqlite(), configure, options: options, isFilled: false);
        using var connection = shop.Database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO \"Notes\" (\"Id\", \"TenantId\", \"Text\") VALUES (1, 'b', 'b')";
        Assert.Equal(1, command.ExecuteNonQuery());
        return shop;
    }

    private static void Decorate(IServiceCollection services)
    {
        for (var i = 0; i < services.Count; i++)
        {
            if (services[i].ServiceType == typeof(IQueryTranslationPreprocessorFactory) && services[i].ImplementationType is { } inner)
            {
                services[i] = new ServiceDescriptor(
                    services[i].ServiceType, typeof(ExpandingFactory<>).MakeGenericType(inner), services[i].Lifetime);
                services.AddScoped(inner);
            }
        }
    }

    private sealed class ExpandingFactory<TInner>(TInner inner) : IQueryTranslationPreprocessorFactory
        where TInner : IQueryTranslationPreprocessorFactory
    {
        public QueryTranslationPreprocessor Create(QueryCompilationContext queryCompilationContext) =>
            inner.Create(queryCompilationContext);
    }

    private sealed class SqlFactory(QuerySqlGeneratorDependencies dependencies) : IQuerySqlGeneratorFactory
    {
        public QuerySqlGenerator Create() => new(dependencies);
    }

    private sealed class Translators : IMethodCallTranslatorPlugin
    {
        IEnumerable<IMethodCallTranslator> IMethodCallTranslatorPlugin.Translators => [];
    }

    private sealed class Ordinary;

    private sealed class NoInterceptors : IInterceptors
    {
        public TInterceptor? Aggregate<TInterceptor>()
            where TInterceptor : class, IInterceptor => null;
    }

    private sealed class Convention : IConventionSetPlugin
    {
        public ConventionSet ModifyConventions(ConventionSet conventionSet) => conventionSet;
    }

    private sealed class Mappings : IRelationalTypeMappingSourcePlugin
    {
        public RelationalTypeMapping? FindMapping(in RelationalTypeMappingInfo mappingInfo) => null;
    }

    private sealed class Late : Expression
    {
        public override ExpressionType NodeType => ExpressionType.Extension;

        public override Type Type => typeof(bool);

        public override bool CanReduce => true;

        public override Expression Reduce() => Constant(value: true);

        protected override Expression VisitChildren(ExpressionVisitor visitor) => this;
    }
}
