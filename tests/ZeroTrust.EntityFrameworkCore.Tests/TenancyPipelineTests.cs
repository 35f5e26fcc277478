using System.Data.Common;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz;
using ZeroTrust.Authz.Internal;
using ZeroTrust.EntityFrameworkCore.Tests.Shapes;
using ZeroTrust.EntityFrameworkCore.Tests.Shop;

namespace ZeroTrust.EntityFrameworkCore.Tests;

/// <summary>Code of the application between the confined query and its SQL.</summary>
public sealed class TenancyPipelineTests
{
    private static readonly Dictionary<string, Action<DbContextOptionsBuilder>> _ways = new(StringComparer.Ordinal)
    {
        ["an interceptor"] = options => options.AddInterceptors(new LiftsFilters()),
        ["an interceptor that is also an ordinary one"] = options => options.AddInterceptors(new Ordinary(), new LiftsFiltersToo()),
        ["an interceptor among the services of a database context"] = options =>
            ((IDbContextOptionsBuilderInfrastructure)options).AddOrUpdateExtension(new LiftingExtension()),
        ["a replaced part of queries"] = options => options.ReplaceService<IQueryTranslationPreprocessorFactory, LiftingFactory>(),
        ["replaced interceptors"] = options => options.ReplaceService<IInterceptor, LiftsFilters>(),
    };

    public static TheoryData<string> Ways => [.. _ways.Keys];

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_could_lift_the_tenant_filter_from_a_query_is_refused_before_the_first_command(string way)
    {
        using var shop = Open(_ways[way]);
        foreach (var act in new Action<ShopDb>[]
        {
            db => _ = db.Notes.ToList(),
            db => db.Notes.ExecuteUpdate(set => set.SetProperty(note => note.Text, "stolen")),
            db => db.Notes.ExecuteDelete(),
            db => db.Notes.Find(1),
            db => db.Add(new Note { Id = 3 }).Context.SaveChanges(),
            CheckedModel.Require,
        })
        {
            Assert.Contains(
                "tenant", Assert.ThrowsAny<InvalidOperationException>(() => shop.As("a", act)).Message, StringComparison.Ordinal);
        }

        Assert.Equal(["b"], shop.Database.Read("SELECT \"Text\" FROM \"Notes\""));
    }

    [Fact]
    public void It_is_told_by_name_with_what_to_do()
    {
        using var shop = Open(_ways["an interceptor"]);
        var message = Assert.Throws<InvalidOperationException>(() => shop.As("a", CheckedModel.Require)).Message;
        Assert.Contains(typeof(LiftsFilters).FullName!, message, StringComparison.Ordinal);
        Assert.Contains("DangerousAllowRawSql", message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_refused_also_where_it_is_added_once_the_host_has_started()
    {
        var isAdded = false;
        using var database = TestDatabase.Sqlite();
        var accessor = new AuthzContextAccessor(TimeProvider.System);
        var services = new ServiceCollection();
        services.AddSingleton<IAuthzContextAccessor>(accessor);
        services.AddSingleton(TimeProvider.System);
        services.AddDbContext<ShopDb>(options =>
        {
            database.Use(options);
            options.AddInterceptors(isAdded ? [new LiftsFilters()] : []);
        });
        services.AddZeroTrust().AddTenancy<ShopDb>();
        using var provider = services.BuildServiceProvider();
        using var entered = accessor.Enter(Contexts.Of("a", TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(120)));
        using (var scope = provider.CreateScope())
        {
            CheckedModel.Require(scope.ServiceProvider.GetRequiredService<ShopDb>());
        }

        isAdded = true;
        using var later = provider.CreateScope();
        var refusal = Assert.Throws<InvalidOperationException>(() => later.ServiceProvider.GetRequiredService<ShopDb>().Notes.ToList());
        Assert.Contains(nameof(LiftsFilters), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_passes_where_the_database_enforces_the_tenant_or_raw_sql_is_allowed()
    {
        using var enforced = Open(_ways["an interceptor"], tenancy => tenancy.EnforcedByDatabase());
        Assert.Single(enforced.As("a", db => db.Notes.ToList()));
        using var allowed = Open(_ways["an interceptor"], tenancy => tenancy.DangerousAllowRawSql("Old reports."));
        Assert.Single(allowed.As("a", db => db.Notes.ToList()));
    }

    [Fact]
    public void Interceptors_of_commands_and_saves_pass()
    {
        using var shop = Open(options => options.AddInterceptors(new Ordinary()));
        Assert.Empty(shop.As("a", db => db.Notes.ToList()));
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

    private sealed class Lifting : ExpressionVisitor
    {
        protected override Expression VisitExtension(Expression node) => node is EntityQueryRootExpression root
            ? Expression.Call(
                typeof(EntityFrameworkQueryableExtensions),
                nameof(EntityFrameworkQueryableExtensions.IgnoreQueryFilters),
                [root.ElementType],
                root)
            : base.VisitExtension(node);
    }

    private sealed class LiftsFilters : IQueryExpressionInterceptor
    {
        public Expression QueryCompilationStarting(Expression queryExpression, QueryExpressionEventData eventData) =>
            new Lifting().Visit(queryExpression);
    }

    private sealed class LiftsFiltersToo : SaveChangesInterceptor, IQueryExpressionInterceptor
    {
        public Expression QueryCompilationStarting(Expression queryExpression, QueryExpressionEventData eventData) =>
            new Lifting().Visit(queryExpression);
    }

    private sealed class Ordinary : DbCommandInterceptor, ISaveChangesInterceptor
    {
        public override InterceptionResult<DbDataReader> ReaderExecuting(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) => result;
    }

    private sealed class LiftingFactory : IQueryTranslationPreprocessorFactory
    {
        public QueryTranslationPreprocessor Create(QueryCompilationContext queryCompilationContext) =>
            throw new NotSupportedException("It is never asked.");
    }

    private sealed class LiftingExtension : IDbContextOptionsExtension
    {
        public DbContextOptionsExtensionInfo Info => new ExtensionInfo(this);

        public void ApplyServices(IServiceCollection services) => services.AddSingleton<IInterceptor, LiftsFilters>();

        public void Validate(IDbContextOptions options)
        {
        }

        private sealed class ExtensionInfo(LiftingExtension extension) : DbContextOptionsExtensionInfo(extension)
        {
            public override bool IsDatabaseProvider => false;

            public override string LogFragment => string.Empty;

            public override int GetServiceProviderHashCode() => 1;

            public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is ExtensionInfo;

            public override void PopulateDebugInfo(IDictionary<string, string> debugInfo)
            {
            }
        }
    }
}
