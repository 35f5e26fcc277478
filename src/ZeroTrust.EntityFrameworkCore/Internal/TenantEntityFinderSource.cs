using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore.ChangeTracking.Internal;
using Microsoft.EntityFrameworkCore.Internal;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ZeroTrust.EntityFrameworkCore.Internal;

#pragma warning disable EF1001 // As TenantEntityFinder.

internal sealed class TenantEntityFinderSource : IEntityFinderSource
{
    private readonly ConcurrentDictionary<Type, Type> _finders = new();

    public IEntityFinder Create(IStateManager stateManager, IDbSetSource setSource, IDbSetCache setCache, IEntityType type) =>
        (IEntityFinder)Activator.CreateInstance(
            _finders.GetOrAdd(type.ClrType, entity => typeof(TenantEntityFinder<>).MakeGenericType(entity)), stateManager, setSource, setCache, type)!;
}
