namespace ZeroTrust.Authz.AspNetCore.Diagnostics;

/// <summary>The names under which this package reports.</summary>
public static class AuthzEndpointsTelemetry
{
    /// <summary>
    /// The meter, with the counters <c>zerotrust.authz.context_headers.stripped</c> (<c>{header}</c>) and
    /// <c>zerotrust.authz.calls.would_refuse</c> (<c>{refusal}</c>), and the gauge <c>zerotrust.weakenings</c>.
    /// </summary>
    public const string MeterName = "ZeroTrust.Authz.AspNetCore";
}
