namespace ZeroTrust.Authz.Diagnostics;

/// <summary>The names this package is observed under.</summary>
public static class AuthzTelemetry
{
    /// <summary>The meter.</summary>
    public const string MeterName = "ZeroTrust.Authz";
}
