using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Internal;

/// <summary>A root or link that is well formed and not yet verified.</summary>
internal sealed record ParsedToken<TClaims>(string Compact, ParsedJws Jws, TClaims Claims)
{
    /// <summary>The base64url SHA-256 of the signer's certificate.</summary>
    internal string Signer => Jws.Header.X509Sha256 ?? string.Empty;
}
