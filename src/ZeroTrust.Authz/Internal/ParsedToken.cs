using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Internal;

/// <summary>A root or link that is well formed and not yet verified.</summary>
internal sealed record ParsedToken<TClaims>(string Compact, ParsedJws Jws, TClaims Claims)
{
    /// <summary>The base64url SHA-256 of the signer's certificate; null when a token service signed.</summary>
    internal string? Certificate => Jws.Header.X509Sha256;
}
