using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCaching;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.Authz.AspNetCore.Caching;

/// <summary>
/// Keeps calls that are not public out of the response caching middleware. It knows callers by <c>Authorization</c> alone, and can be told
/// nothing else, but it heeds the <c>Cache-Control</c> of a request.
/// </summary>
/// <remarks>The middleware reads its options when it is made, which is how its presence is known.</remarks>
internal sealed class ResponseCachingBarrier : IPostConfigureOptions<ResponseCachingOptions>
{
    private const string NeitherReadNorStored = "no-cache, no-store";

    private volatile bool _isNeeded;

    public void PostConfigure(string? name, ResponseCachingOptions options) => _isNeeded = true;

    /// <summary>Marks the request, where there is a response cache at all.</summary>
    /// <param name="context">The call, before it reaches what the application added behind the checks.</param>
    /// <param name="hasContext">Whether a context was accepted.</param>
    /// <exception cref="InvalidOperationException">The cache stands before the checks.</exception>
    public void Raise(HttpContext context, bool hasContext)
    {
        if (!_isNeeded)
        {
            return;
        }

        if (context.Features.Get<IResponseCachingFeature>() is not null)
        {
            throw new InvalidOperationException(
                "UseResponseCaching() stands before UseZeroTrust() and would answer calls that nothing has decided. Call it after.");
        }

        if (hasContext || context.GetEndpoint()?.Metadata.GetMetadata<IEndpointDecision>() is not AllowPublicAttribute)
        {
            context.Request.Headers.CacheControl = NeitherReadNorStored;
        }
    }
}
