using System.Security.Claims;

namespace ZeroTrust.Oidc.Tokens;

/// <summary>Proof that an issuer we trust says this about a user, to us, now. Made by <see cref="AccessTokenVerifier"/> only.</summary>
internal sealed class VerifiedAccessToken
{
    internal VerifiedAccessToken(
        string issuer,
        TenantId tenant,
        SubjectId subject,
        PermissionSet permissions,
        DateTimeOffset expiresAt,
        IReadOnlyList<Claim> claims)
    {
        Issuer = issuer;
        Tenant = tenant;
        Subject = subject;
        Permissions = permissions;
        ExpiresAt = expiresAt;
        Claims = claims;
    }

    public string Issuer { get; }

    public TenantId Tenant { get; }

    public SubjectId Subject { get; }

    public PermissionSet Permissions { get; }

    public DateTimeOffset ExpiresAt { get; }

    public IReadOnlyList<Claim> Claims { get; }
}
