using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>A transformation that adds to the identity it is given, and claims what only a context can prove.</summary>
internal sealed class AddingTransformation : IClaimsTransformation
{
    public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
    {
        ((ClaimsIdentity)principal.Identity!)
            .AddClaims([new Claim("added", "1"), new Claim(ContextIdentityDefaults.TenantClaimType, "initech")]);
        return Task.FromResult(principal);
    }
}
