using Microsoft.AspNetCore.OutputCaching;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>A policy that starts over with the values that answers vary by.</summary>
internal sealed class ForgetfulPolicy : IOutputCachePolicy
{
    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        context.CacheVaryByRules.VaryByValues.Clear();
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;
}
