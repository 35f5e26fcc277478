namespace ZeroTrust.Jose;

/// <summary>The signature algorithms the core knows (RFC 7518 section 3.1). Nothing symmetric, and never <c>none</c>.</summary>
public static class JwsAlgorithms
{
    /// <summary>ECDSA over P-256 with SHA-256.</summary>
    public const string ES256 = "ES256";

    /// <summary>ECDSA over P-384 with SHA-384.</summary>
    public const string ES384 = "ES384";

    /// <summary>RSASSA-PSS with SHA-256 and a salt as long as the hash.</summary>
    public const string PS256 = "PS256";

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256. For tokens of foreign issuers only; nothing here signs with it unless asked.</summary>
    public const string RS256 = "RS256";

    /// <summary>All of them, for a log.</summary>
    internal const string All = $"{ES256}, {ES384}, {PS256}, {RS256}";

    internal static bool IsKnown(string algorithm) => algorithm is ES256 or ES384 or PS256 or RS256;
}
