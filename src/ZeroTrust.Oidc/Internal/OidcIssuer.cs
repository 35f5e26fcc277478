using System.Collections.Frozen;

namespace ZeroTrust.Oidc.Internal;

/// <summary>One issuer's validated settings, copied so that nobody can change them afterwards.</summary>
internal sealed class OidcIssuer
{
    internal static readonly FrozenSet<string> DefaultAlgorithms = Set("ES256", "PS256", "RS256");
    internal static readonly FrozenSet<string> KnownAlgorithms = Set("ES256", "ES384", "PS256", "RS256");

    private const string MediaTypePrefix = "application/";

    private static readonly FrozenSet<string> DefaultTokenTypes = Set("at+jwt");

    public OidcIssuer(string name, OidcIssuerOptions options)
    {
        Name = name;
        Authority = new Uri(options.Authority!, UriKind.Absolute);
        Identity = WithoutTrailingSlash(options.Authority!);
        Audience = options.Audience!;
        TrustAnchorFile = options.TrustAnchorFile;
        TenantClaim = options.TenantClaim;
        PermissionsClaim = options.PermissionsClaim;
        Algorithms = options.Algorithms.Count == 0 ? DefaultAlgorithms : Set([.. options.Algorithms]);
        TokenTypes = options.TokenTypes.Count == 0 ? DefaultTokenTypes : Set([.. options.TokenTypes.Select(NormalizeTokenType)]);
        ClockSkew = options.ClockSkew;
        KeyRefreshInterval = options.KeyRefreshInterval;
        MaxKeyAge = options.MaxKeyAge;
        FetchTimeout = options.FetchTimeout;
    }

    public string Name { get; }

    public Uri Authority { get; }

    /// <summary>The authority without its trailing slash: what selects this issuer before its own spelling is known.</summary>
    public string Identity { get; }

    public string Audience { get; }

    public string? TrustAnchorFile { get; }

    public string TenantClaim { get; }

    public string PermissionsClaim { get; }

    public FrozenSet<string> Algorithms { get; }

    public FrozenSet<string> TokenTypes { get; }

    public TimeSpan ClockSkew { get; }

    public TimeSpan KeyRefreshInterval { get; }

    public TimeSpan MaxKeyAge { get; }

    public TimeSpan FetchTimeout { get; }

    public Uri DiscoveryUri => new(Identity + "/.well-known/openid-configuration", UriKind.Absolute);

    public static string WithoutTrailingSlash(string url) => url.EndsWith('/') ? url[..^1] : url;

    // RFC 7515 section 4.1.9: "application/" may be left out; media types compare without case.
    public static string NormalizeTokenType(string type)
    {
        var lower = type.ToLowerInvariant();
        return lower.StartsWith(MediaTypePrefix, StringComparison.Ordinal) && !lower.AsSpan(MediaTypePrefix.Length).Contains('/')
            ? lower[MediaTypePrefix.Length..]
            : lower;
    }

    private static FrozenSet<string> Set(params string[] items) => items.ToFrozenSet(StringComparer.Ordinal);
}
