using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Authz.AspNetCore.Caching;

/// <summary>
/// Keeps the output cache from answering one caller with what it kept of another, whatever other policies enable. They run after this base policy, so
/// it looks again when an answer is about to start, to leave the cache, or to enter it.
/// </summary>
internal sealed class CallerCachePolicy : IOutputCachePolicy
{
    public const string ValueName = "zerotrust.caller";

    // The framework joins the parts of a key with these, and gives the key up where a part holds one. All requests without a key, of any endpoint
    // and any caller, then wait for one of them and share its answer (dotnet/aspnetcore#67763).
    private static readonly SearchValues<char> KeyDelimiters = SearchValues.Create("\u001e\u001f");

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        RequireKey(context.HttpContext.Request);
        if (CallerKey.Of(context.HttpContext) is { } key)
        {
            context.CacheVaryByRules.VaryByValues[ValueName] = key;
            context.HttpContext.Response.OnStarting(CheckStartAsync, context);
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

    private static void RequireKey(HttpRequest request)
    {
        var has = Has(request.Path.Value) || Has(request.PathBase.Value);
        foreach (var (name, values) in request.Query)
        {
            has |= Has(name) || Has(values);
        }

        foreach (var (_, values) in request.Headers)
        {
            has |= Has(values);
        }

        if (has)
        {
            throw new RejectionException(AuthzRejections.Refuse(
                AuthzRejectionReason.CacheKeyMalformed, "The request holds a character that the output cache makes no key with."));
        }
    }

    private static bool Has(StringValues values)
    {
        foreach (var value in values)
        {
            if (value.AsSpan().ContainsAny(KeyDelimiters))
            {
                return true;
            }
        }

        return false;
    }

    // What comes after the start could only cut the answer short.
    private static Task CheckStartAsync(object state)
    {
        if (state is OutputCacheContext { EnableOutputCaching: true } context)
        {
            CheckKey(context);
        }

        return Task.CompletedTask;
    }

    /// <summary>Throws unless the entry is this caller's.</summary>
    /// <returns>Whether it is for this one call, and nothing is to be kept.</returns>
    private static bool CheckKey(OutputCacheContext context)
    {
        context.CacheVaryByRules.VaryByValues.TryGetValue(ValueName, out var used);
        if (CallerKey.IsOnce(used))
        {
            return true;
        }

        return used == CallerKey.Of(context.HttpContext)
            ? false
            : throw new InvalidOperationException(
                $"An output cache policy removed or changed the value '{ValueName}', which keeps the answers of callers apart. It may add values only.");
    }
}
