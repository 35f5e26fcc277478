using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>Puts the identity of the context before whatever else the call was authenticated as.</summary>
internal static class ContextUser
{
    public static void Set(HttpContext context, ContextIdentity identity)
    {
        var before = context.Features.Get<IHttpAuthenticationFeature>()?.User;
        if (before is not null && ReferenceEquals(before.Identity, identity))
        {
            return;
        }

        // A principal of its own for each call: applications add identities to it.
        var user = new ClaimsPrincipal(identity);
        foreach (var other in before?.Identities ?? [])
        {
            if (other.IsAuthenticated && CanStay(other))
            {
                user.AddIdentity(other);
            }
        }

        context.User = user;
    }

    // A token or a cookie with claims of these names would add to what the context proves.
    private static bool CanStay(ClaimsIdentity other)
    {
        foreach (var claim in other.FindAll(ContextIdentity.IsOwnClaim).ToArray())
        {
            if (!other.TryRemoveClaim(claim))
            {
                return false;
            }
        }

        return true;
    }
}
