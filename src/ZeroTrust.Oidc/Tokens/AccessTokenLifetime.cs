using Microsoft.IdentityModel.Tokens;

namespace ZeroTrust.Oidc.Tokens;

/// <summary>What the bearer handler wants to know of a token: until when it is valid. It holds neither the token nor a key.</summary>
internal sealed class AccessTokenLifetime(VerifiedAccessToken token) : SecurityToken
{
    public override string Id => "";

    public override string Issuer => token.Issuer;

    public override SecurityKey SecurityKey => null!;

    public override SecurityKey SigningKey
    {
        get => null!;
        set => throw new NotSupportedException();
    }

    public override DateTime ValidFrom => DateTime.MinValue;

    public override DateTime ValidTo => token.ExpiresAt.UtcDateTime;
}
