using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Internal;
using Microsoft.EntityFrameworkCore.Metadata.Conventions.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>Puts the parts of this package among the services of a database context.</summary>
internal sealed class TenancyOptionsExtension(IAuthzContextAccessor accessor, TimeProvider time) : IDbContextOptionsExtension
{
    internal IAuthzContextAccessor Accessor { get; } = accessor;

    internal TimeProvider Time { get; } = time;

    /// <summary>Whether raw SQL is let through: because the database enforces the tenant, or by a named danger.</summary>
    internal bool MayUseRawSql { get; init; }

    /// <summary>Whether the database context reads the rows of all tenants, by a grant.</summary>
    internal bool CrossTenant { get; init; }

    internal CrossTenantGrant? Grant { get; init; }

    public DbContextOptionsExtensionInfo Info => new ExtensionInfo(this);

    public void ApplyServices(IServiceCollection services)
    {
        services.AddScoped<TenantBinding>();
        services.AddScoped<IResettableService>(provider => provider.GetRequiredService<TenantBinding>());
        services.AddScoped<IConventionSetPlugin, TenancyConventionPlugin>();
        services.AddSingleton<IInterceptor, TenancyQueryInterceptor>();
        services.AddSingleton<IInterceptor, TenancySaveInterceptor>();
        services.AddSingleton<IInterceptor, TenancyCommandInterceptor>();
#pragma warning disable EF1001 // As TenantEntityFinder.
        services.AddSingleton<IEntityFinderSource, TenantEntityFinderSource>();
#pragma warning restore EF1001
    }

    public void Validate(IDbContextOptions options)
    {
    }

    private sealed class ExtensionInfo(TenancyOptionsExtension extension) : DbContextOptionsExtensionInfo(extension)
    {
        public override bool IsDatabaseProvider => false;

        public override string LogFragment => extension.CrossTenant ? "tenancy (across tenants) " : "tenancy ";

        // Models and compiled queries differ by these two, so they must not be shared.
        public override int GetServiceProviderHashCode() => HashCode.Combine(extension.CrossTenant, extension.MayUseRawSql);

        public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) =>
            other is ExtensionInfo { Extension: TenancyOptionsExtension otherExtension }
            && otherExtension.CrossTenant == extension.CrossTenant
            && otherExtension.MayUseRawSql == extension.MayUseRawSql;

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo) =>
            debugInfo["ZeroTrust:CrossTenant"] = extension.CrossTenant.ToString();
    }
}
