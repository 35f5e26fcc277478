using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>Guards SaveChanges before it begins. What interceptors after this one add is looked at where rows become commands.</summary>
internal sealed class TenancySaveInterceptor : SaveChangesInterceptor
{
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Begin(eventData.Context!);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Begin(eventData.Context!);
        return ValueTask.FromResult(result);
    }

    private static void Begin(DbContext context)
    {
        var tenant = TenantBinding.Of(context).Require();
        TenantGuard.Complete(context, tenant);
        TenantGuard.Verify(context, tenant);
    }
}
