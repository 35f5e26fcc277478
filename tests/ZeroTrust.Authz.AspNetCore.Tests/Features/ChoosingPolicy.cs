using Microsoft.AspNetCore.OutputCaching;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>The policy that runs last before the key is made.</summary>
internal sealed class ChoosingPolicy(HeldAnswers service, Action<OutputCacheContext> choose) : IOutputCachePolicy
{
    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        choose(context);
        service.Chosen();
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;
}
