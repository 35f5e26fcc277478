using Microsoft.AspNetCore.OutputCaching;

namespace ZeroTrust.Authz.AspNetCore.Caching;

/// <summary>
/// Keeps the output cache from answering one caller with what it kept of another, whatever other policies enable. They run after this base
/// policy, so it looks again when an answer is about to start, to leave the cache, or to enter it.
/// </summary>
internal sealed class CallerCachePolicy : IOutputCachePolicy
{
    public const string ValueName = "zerotrust.caller";

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        CacheKeyParts.RequireNoDelimiter(context.HttpContext.Request);
        if (CallerKey.Of(context.HttpContext) is { } key)
        {
            context.CacheVaryByRules.VaryByValues[ValueName] = key;
            context.HttpContext.Response.OnStarting(CheckStartAsync, new Start(context, key));
        }
        else
        {
            context.HttpContext.Response.OnStarting(CheckPublicStartAsync, context);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        CheckKey(context);
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        if (CheckKey(context))
        {
            context.AllowCacheStorage = false;
        }

        return ValueTask.CompletedTask;
    }

    // What comes after the start could only cut the answer short. The key is the one that the call had: a failure that is being answered
    // has no endpoint any more, or another one, and the cache is through with it.
    private static Task CheckStartAsync(object state)
    {
        if (state is Start { Cache: { EnableOutputCaching: true } context, Key: var key })
        {
            CheckKey(context, key);
        }

        return Task.CompletedTask;
    }

    // A failure may be answered by another endpoint, which is nothing the entry is of.
    private static Task CheckPublicStartAsync(object state)
    {
        if (state is OutputCacheContext { EnableOutputCaching: true } context)
        {
            CacheKeyParts.RequireNoDelimiter(context);
        }

        return Task.CompletedTask;
    }

    /// <summary>Throws unless the entry is this caller's, and has a key.</summary>
    /// <returns>Whether it is for this one call, and nothing is to be kept.</returns>
    private static bool CheckKey(OutputCacheContext context)
    {
        context.CacheVaryByRules.VaryByValues.TryGetValue(ValueName, out var used);
        if (CallerKey.IsOnce(used))
        {
            CacheKeyParts.RequireNoDelimiter(context);
            return true;
        }

        CheckKey(context, CallerKey.Of(context.HttpContext));
        return false;
    }

    private static void CheckKey(OutputCacheContext context, string? key)
    {
        CacheKeyParts.RequireNoDelimiter(context);
        context.CacheVaryByRules.VaryByValues.TryGetValue(ValueName, out var used);
        if (used != key && !CallerKey.IsOnce(used))
        {
            throw new InvalidOperationException(
                $"An output cache policy removed or changed the value '{ValueName}', which keeps the answers of callers apart. It may add "
                    + "values only.");
        }
    }

    private sealed record Start(OutputCacheContext Cache, string Key);
}
