namespace ZeroTrust.Oidc;

/// <summary>The names under which this package is observed.</summary>
public static class OidcTelemetry
{
    /// <summary>The meter: <c>zerotrust.oidc.token.verifications</c>, <c>zerotrust.oidc.key.fetches</c>.</summary>
    public const string MeterName = "ZeroTrust.Oidc";
}
