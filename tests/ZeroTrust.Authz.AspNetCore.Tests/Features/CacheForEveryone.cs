using Microsoft.AspNetCore.OutputCaching;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>The policy that guides show for caching authenticated calls: it allows everything.</summary>
internal sealed class CacheForEveryone : IOutputCachePolicy
{
    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        context.EnableOutputCaching = true;
        context.AllowCacheLookup = true;
        context.AllowCacheStorage = true;
        context.AllowLocking = true;
        context.ResponseExpirationTimeSpan = TimeSpan.FromHours(1);
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        context.AllowCacheStorage = true;
        return ValueTask.CompletedTask;
    }
}
