using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using ZeroTrust.Authz;
using ZeroTrust.Authz.AspNetCore;
using ZeroTrust.Oidc.Tokens;

namespace ZeroTrust.Oidc.Internal;

/// <summary>Mints the context of an edge call from the user's access token.</summary>
internal sealed class AccessTokenContextProvider(AuthzContextMinter minter) : IEdgeContextProvider
{
    private const string Bearer = "Bearer";

    public bool IsPresented(HttpContext context)
    {
        foreach (var value in context.Request.Headers.Authorization)
        {
            if (value is not null
                && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
                && (value.Length == Bearer.Length || value[Bearer.Length] == ' '))
            {
                return true;
            }
        }

        return false;
    }

    public async ValueTask<Verdict<AuthzContext>> GetContextAsync(HttpContext context, CancellationToken cancellationToken)
    {
        // The framework would join two headers into one; which of them is meant is not ours to choose.
        if (context.Request.Headers.Authorization.Count > 1)
        {
            return OidcRejections.Refuse(OidcRejectionReason.TokenMalformed, "More than one Authorization header.");
        }

        var result = await context.AuthenticateAsync(OidcDefaults.Scheme).ConfigureAwait(false);
        if (!Read(result).TryGet(out var token, out var rejection))
        {
            return rejection;
        }

        // Above the own grant nothing can be minted; what is below it stays of use, and no longer than the token.
        var permissions = token.Permissions.Intersect(minter.GetPermissionCeiling());
        var verdict = minter.Mint(token.Tenant, token.Subject, permissions, token.ExpiresAt);
        if (verdict.IsAccepted)
        {
            context.User = result.Principal!;
        }

        return verdict;
    }

    private static Verdict<VerifiedAccessToken> Read(AuthenticateResult result)
    {
        if (result.Failure is { } failure)
        {
            return failure is RejectionException refused
                ? refused.Rejection
                : OidcRejections.Refuse(OidcRejectionReason.Unspecified, failure.GetType().Name);
        }

        if (result.Principal is not { } principal)
        {
            return OidcRejections.Refuse(OidcRejectionReason.TokenMissing, "The request carries no bearer token.");
        }

        // Events of the scheme may succeed on their own; only a principal that carries our proof, and one, counts.
        return principal.Identities.OfType<AccessTokenIdentity>().ToArray() is [var identity]
            ? identity.Token
            : OidcRejections.Refuse(OidcRejectionReason.Unspecified, "The principal does not come from a verified access token.");
    }
}
