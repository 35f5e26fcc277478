using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>The one tenant a database context serves, from its first use until it is disposed or goes back to its pool.</summary>
internal sealed class TenantBinding(
    ICurrentDbContext current,
    IDbContextOptions options,
    IEnumerable<IInterceptor> injected,
    InternalServices services) : IResettableService
{
    // What clocks may differ by; a request may still finish what it began.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    private readonly TenancyOptionsExtension _extension = options.FindExtension<TenancyOptionsExtension>()
        ?? throw new InvalidOperationException("The database context is not registered with AddTenancy.");

    private bool _isModelChecked;
    private TenantId _tenant;

    /// <summary>The save in progress, if one is.</summary>
    internal TenantSave? Save { get; set; }

    internal IModel Model => current.Context.Model;

    /// <summary>Whether a tenant's call uses the database context now, or has.</summary>
    internal bool IsInCall => !_tenant.IsDefault || _extension.Accessor.Current is not null;

    internal bool IsCrossTenant => _extension.CrossTenant;

    internal bool MayUseRawSql => _extension.MayUseRawSql && !IsCrossTenant;

    internal static TenantBinding Of(DbContext context) => context.GetService<TenantBinding>();

    /// <summary>The tenant of the current context, which is the tenant of this database context.</summary>
    internal TenantId Require()
    {
        if (IsCrossTenant)
        {
            throw RefuseWrite();
        }

        var context = _extension.Accessor.Current ?? throw TenancyRejections.Exception(
            TenancyRejectionReason.ContextMissing, "No context is current, so no row exists. Work behind no call creates a system context and enters it.");
        _ = context.CheckExpiry(_extension.Time.GetUtcNow() - ClockSkew).GetOrThrow();
        if (_tenant == context.Tenant)
        {
            return _tenant;
        }

        if (!_tenant.IsDefault)
        {
            throw TenancyRejections.Exception(
                TenancyRejectionReason.TenantChanged, $"The database context serves {_tenant}, and the current context is for {context.Tenant}. Take a new one for each tenant.");
        }

        RequireModel();
        return _tenant = context.Tenant;
    }

    /// <summary>Looks at the rows of the save whose command this is.</summary>
    internal void RequireSave(TenantId tenant)
    {
        if (Save is not { } save)
        {
            throw TenancyRejections.Exception(
                TenancyRejectionReason.CommandUnconfined, "A command of a save, and none is in progress: its rows were not looked at.");
        }

        save.Verify(tenant);
    }

    /// <summary>The grant of a database context that reads across tenants, while it lasts.</summary>
    internal void RequireGrant()
    {
        RequireModel();
        _ = _extension.Grant is { } grant
            ? grant.CheckExpiry(_extension.Time.GetUtcNow()).GetOrThrow()
            : throw TenancyRejections.Exception(TenancyRejectionReason.ContextMissing, "The database context was made without a grant.");
    }

    /// <summary>
    /// Fails unless the model was made for database contexts of this kind and leaves no way round the tenant, nor do the options.
    /// </summary>
    /// <exception cref="InvalidOperationException">All that is wrong with the model, or what is with the options.</exception>
    internal void RequireModel()
    {
        // Neither changes while the database context exists, be it in a pool.
        if (_isModelChecked)
        {
            return;
        }

        var model = current.Context.Model;
        if (!string.Equals(TenancyMetadata.KindOf(model), _extension.ModelKind, StringComparison.Ordinal))
        {
            throw TenancyRejections.Exception(
                TenancyRejectionReason.ModelUnconfined,
                $"The model was made for another kind of database context ({TenancyMetadata.KindOf(model) ?? "without tenancy"}) than this "
                    + $"one ({_extension.ModelKind}). Compiled models carry no tenant filters; a cache, a model or a key of models must "
                    + "not be shared by both kinds.");
        }

        if (TenancyModelCheck.Check(current.Context, _extension.MayUseRawSql) is { Length: > 0 } faults)
        {
            throw new InvalidOperationException(faults);
        }

        // Options are validated before; what other extensions bring is among the services alone.
        if (TenancyPipelineCheck.FindFault(options, injected, _extension.MayUseRawSql) is { } fault)
        {
            throw new InvalidOperationException(fault);
        }

        if (services.FindFault(options, _extension.MayUseRawSql) is { Length: > 0 } foreign)
        {
            throw new InvalidOperationException(foreign);
        }

        _isModelChecked = true;
    }

    internal static RejectionException RefuseWrite() =>
        TenancyRejections.Exception(TenancyRejectionReason.CrossTenantWrite, "A grant across tenants reads. Writes name one tenant each.");

    public void ResetState()
    {
        _tenant = default;
        Save = null;
    }

    public Task ResetStateAsync(CancellationToken cancellationToken = default)
    {
        ResetState();
        return Task.CompletedTask;
    }
}
