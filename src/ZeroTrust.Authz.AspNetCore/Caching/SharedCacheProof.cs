using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.Authz.AspNetCore.Caching;

/// <summary>Stops the host when an endpoint that is not public says that shared caches may store its answers.</summary>
internal static class SharedCacheProof
{
    public static void Prove(EndpointDataSource source, MvcOptions options)
    {
        var faults = string.Concat(source.Endpoints
            .Where(endpoint => IsShared(endpoint, options))
            .Select(endpoint => $"{Environment.NewLine}- {endpoint.DisplayName ?? endpoint.ToString()}"));
        if (faults.Length > 0)
        {
            throw new InvalidOperationException(
                "[ResponseCache] lets shared caches store the answers of endpoints that are not public. "
                + "Give it Location = ResponseCacheLocation.Client, or NoStore. These have it:" + faults);
        }
    }

    private static bool IsShared(Endpoint endpoint, MvcOptions options)
    {
        // The last is the closest to the action, and the only one that MVC applies.
        if (endpoint.Metadata.GetMetadata<IEndpointDecision>() is null or AllowPublicAttribute
            || endpoint.Metadata.GetMetadata<ResponseCacheAttribute>() is not { } attribute)
        {
            return false;
        }

        var profile = attribute.GetCacheProfile(options);
        return profile.NoStore != true && profile.Location is (null or ResponseCacheLocation.Any);
    }
}
