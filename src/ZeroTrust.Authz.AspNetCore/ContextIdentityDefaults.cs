using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace ZeroTrust.Authz.AspNetCore;

/// <summary>Names of the identity that an accepted context is in <see cref="HttpContext.User"/>.</summary>
/// <remarks>
/// It is the first identity, so <c>User.Identity</c>, and its name and its <see cref="ClaimTypes.NameIdentifier"/> are
/// <c>{tenant}/{subject}</c>: what the framework keeps for one user is kept for one subject of one tenant. It holds no roles and cannot be
/// changed; give the principal another identity instead. Decide by the <see cref="AuthzContext"/>, which cannot be made up, rather than by
/// claims.
/// </remarks>
public static class ContextIdentityDefaults
{
    /// <summary>The authentication type of the identity, and the issuer of its claims.</summary>
    public const string AuthenticationType = "ZeroTrust.Context";

    /// <summary>The claim that holds the tenant.</summary>
    public const string TenantClaimType = "zerotrust.tenant";

    /// <summary>The claim that holds the subject.</summary>
    public const string SubjectClaimType = "zerotrust.subject";

    /// <summary>The claim that holds a permission; there is one for each.</summary>
    public const string PermissionClaimType = "zerotrust.permission";
}
