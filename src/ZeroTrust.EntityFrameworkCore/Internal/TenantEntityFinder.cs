using Microsoft.EntityFrameworkCore.ChangeTracking.Internal;
using Microsoft.EntityFrameworkCore.Internal;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ZeroTrust.EntityFrameworkCore.Internal;

#pragma warning disable EF1001 // Find answers from memory, without a command or an event: there is no public place at which to refuse it.

/// <summary>Find, for the tenant the database context serves alone: also where the row is already in memory.</summary>
internal sealed class TenantEntityFinder<TEntity>(IStateManager stateManager, IDbSetSource setSource, IDbSetCache setCache, IEntityType entityType)
    : EntityFinder<TEntity>(stateManager, setSource, setCache, entityType), IEntityFinder
    where TEntity : class
{
    private readonly IStateManager _stateManager = stateManager;

    public override TEntity? Find(object?[]? keyValues)
    {
        Require();
        return base.Find(keyValues);
    }

    public override ValueTask<TEntity?> FindAsync(object?[]? keyValues, CancellationToken cancellationToken = default)
    {
        Require();
        return base.FindAsync(keyValues, cancellationToken);
    }

    async ValueTask<object?> IEntityFinder.FindAsync(object?[]? keyValues, CancellationToken cancellationToken) =>
        await FindAsync(keyValues, cancellationToken).ConfigureAwait(false);

    private void Require()
    {
        var binding = TenantBinding.Of(_stateManager.Context);
        if (binding.IsCrossTenant)
        {
            binding.RequireGrant();
        }
        else
        {
            _ = binding.Require();
        }
    }
}
