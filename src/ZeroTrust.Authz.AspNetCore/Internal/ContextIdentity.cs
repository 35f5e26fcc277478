using System.Security.Claims;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>A context as the framework knows users. The calls of one context share it, so it cannot be changed.</summary>
internal sealed class ContextIdentity(AuthzContext context)
    : ClaimsIdentity(ClaimsOf(context), ContextIdentityDefaults.AuthenticationType, ClaimTypes.NameIdentifier, roleType: null)
{
    public static bool IsOwnClaim(Claim claim) => claim.Type
        is ContextIdentityDefaults.TenantClaimType
        or ContextIdentityDefaults.SubjectClaimType
        or ContextIdentityDefaults.PermissionClaimType;

    public override void AddClaim(Claim claim) => throw Fixed();

    public override void AddClaims(IEnumerable<Claim?> claims) => throw Fixed();

    public override void RemoveClaim(Claim? claim) => throw Fixed();

    public override bool TryRemoveClaim(Claim? claim) => false;

    private static InvalidOperationException Fixed() =>
        new("The identity of an authorization context cannot be changed. Add another ClaimsIdentity to the principal.");

    private static IEnumerable<Claim> ClaimsOf(AuthzContext context)
    {
        // No tenant has a slash, so no two pairs read alike.
        yield return Claim(ClaimTypes.NameIdentifier, $"{context.Tenant}/{context.Subject}");
        yield return Claim(ContextIdentityDefaults.TenantClaimType, context.Tenant.ToString());
        yield return Claim(ContextIdentityDefaults.SubjectClaimType, context.Subject.ToString());
        foreach (var permission in context.Permissions)
        {
            yield return Claim(ContextIdentityDefaults.PermissionClaimType, permission);
        }
    }

    private static Claim Claim(string type, string value) =>
        new(type, value, ClaimValueTypes.String, ContextIdentityDefaults.AuthenticationType);
}
