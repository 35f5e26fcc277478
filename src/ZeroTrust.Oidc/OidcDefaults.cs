namespace ZeroTrust.Oidc;

/// <summary>Names that belong to the bearer scheme.</summary>
public static class OidcDefaults
{
    /// <summary>The authentication scheme that verifies users' access tokens.</summary>
    public const string Scheme = "ZeroTrust.Oidc";
}
