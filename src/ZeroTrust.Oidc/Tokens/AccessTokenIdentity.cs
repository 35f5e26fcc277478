using System.Security.Claims;

namespace ZeroTrust.Oidc.Tokens;

/// <summary>The user as the framework sees it, carrying the proof it was made from.</summary>
internal sealed class AccessTokenIdentity : ClaimsIdentity
{
    public AccessTokenIdentity(VerifiedAccessToken token)
        : base(token.Claims, OidcDefaults.Scheme, nameType: "sub", roleType: "roles") => Token = token;

    private AccessTokenIdentity(AccessTokenIdentity other)
        : base(other) => Token = other.Token;

    public VerifiedAccessToken Token { get; }

    // A claims transformation clones the principal; the proof must survive that.
    public override ClaimsIdentity Clone() => new AccessTokenIdentity(this);
}
