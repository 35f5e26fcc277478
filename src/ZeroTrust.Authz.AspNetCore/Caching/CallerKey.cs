using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Internal;

namespace ZeroTrust.Authz.AspNetCore.Caching;

/// <summary>Whose calls may be answered with what a cache has kept of this one.</summary>
internal static class CallerKey
{
    private const string OncePrefix = "once:";

    /// <summary>Gets the key of the caller.</summary>
    /// <param name="context">The call.</param>
    /// <returns>
    /// The key; one that no other call has, where nothing may be kept; null for a public answer to a caller without a context.
    /// </returns>
    public static string? Of(HttpContext context)
    {
        // Without the feature the cache stands before the checks: what it would answer, nothing has decided.
        if (context.Features.Get<IAuthzContextFeature>() is not { Verdict: var verdict })
        {
            return Once();
        }

        var peer = context.GetVerifiedPeer();
        if (verdict.TryGet(out var authz, out _))
        {
            return Digest($"{authz.Tenant}/{authz.Subject}\n{authz.Permissions}\n{peer}");
        }

        return context.GetEndpoint()?.Metadata.GetMetadata<IEndpointDecision>() switch
        {
            AllowPublicAttribute => null,

            // Served without a context by a rollout that only reports.
            null or RequireContextAttribute or ITenantRouteDecision => Once(),

            // What another kind of decision goes by is not known; of peers, the name is.
            _ => peer is null ? Once() : Digest($"\n\n{peer}"),
        };
    }

    public static bool IsOnce(string? key) => key?.StartsWith(OncePrefix, StringComparison.Ordinal) == true;

    private static string Once() => OncePrefix + RandomNumberGenerator.GetHexString(32);

    // Keys end up in stores outside of the process; subjects do not have to.
    private static string Digest(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
