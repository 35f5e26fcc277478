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
    // Options are validated before their services are applied.
    private volatile IDbContextOptionsExtension? _provider;

    internal IAuthzContextAccessor Accessor { get; } = accessor;

    internal TimeProvider Time { get; } = time;

    /// <summary>
    /// Whether raw SQL, and what the model cannot see through, is let through: because the database enforces the tenant, or by a named
    /// danger.
    /// </summary>
    internal bool MayUseRawSql { get; init; }

    /// <summary>Whether the database context reads the rows of all tenants, by a grant.</summary>
    internal bool CrossTenant { get; init; }

    internal CrossTenantGrant? Grant { get; init; }

    /// <summary>The database as the application names it, where its database contexts use several.</summary>
    internal string? Database { get; init; }

    /// <summary>What models and compiled queries differ by: one that was made for another kind is never used.</summary>
    internal string ModelKind => (CrossTenant ? "across tenants" : "confined") + (MayUseRawSql ? ", raw SQL" : string.Empty);

    public DbContextOptionsExtensionInfo Info => new ExtensionInfo(this);

    public void ApplyServices(IServiceCollection services)
    {
        // The provider's come first, whichever was called first: some of this package stand in front of them. A second time adds nothing.
        _provider?.ApplyServices(services);
        GuardedServices.Add(services);
        services.AddSingleton(new InternalServices(services));
        services.AddScoped<TenantBinding>();
        services.AddScoped<IResettableService>(provider => provider.GetRequiredService<TenantBinding>());
        services.AddScoped<IConventionSetPlugin, TenancyConventionPlugin>();
        services.AddSingleton<IModelCacheKeyFactory>(new TenancyModelCacheKeyFactory(ModelKind));
        services.AddSingleton<IInterceptor, TenancyQueryInterceptor>();
        services.AddSingleton<IInterceptor, TenancySaveInterceptor>();
        services.AddSingleton<IInterceptor, TenancyCommandInterceptor>();
#pragma warning disable EF1001 // As TenantEntityFinder.
        services.AddSingleton<IEntityFinderSource, TenantEntityFinderSource>();
#pragma warning restore EF1001
    }

    public void Validate(IDbContextOptions options)
    {
        _provider = options.Extensions.FirstOrDefault(extension => extension.Info.IsDatabaseProvider);
        if (options.FindExtension<CoreOptionsExtension>()?.InternalServiceProvider is not null)
        {
            throw new InvalidOperationException(
                "UseInternalServiceProvider leaves out the services that confine a database context to its tenant: take the call away, or "
                    + "name the context by AddWithoutTenancy<T>(reason).");
        }

        if (TenancyPipelineCheck.FindFault(options, injected: [], MayUseRawSql) is { } fault)
        {
            throw new InvalidOperationException(fault);
        }
    }

    private sealed class ExtensionInfo(TenancyOptionsExtension extension) : DbContextOptionsExtensionInfo(extension)
    {
        public override bool IsDatabaseProvider => false;

        public override string LogFragment => $"tenancy ({extension.ModelKind}) ";

        public override int GetServiceProviderHashCode() => extension.ModelKind.GetHashCode(StringComparison.Ordinal);

        public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) =>
            other is ExtensionInfo { Extension: TenancyOptionsExtension otherExtension } && otherExtension.ModelKind == extension.ModelKind;

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo) =>
            debugInfo["ZeroTrust:Tenancy"] = extension.ModelKind;
    }
}
