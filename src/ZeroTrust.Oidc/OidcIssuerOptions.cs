namespace ZeroTrust.Oidc;

/// <summary>One issuer of users' access tokens.</summary>
public sealed class OidcIssuerOptions
{
    /// <summary>The issuer's https URL; its discovery document lies under it.</summary>
    /// <value>Required. No user, query or fragment. The document's issuer must equal it up to one trailing slash.</value>
    public string? Authority { get; set; }

    /// <summary>The audience that names this service.</summary>
    /// <value>Required. A token is accepted when its <c>aud</c> holds exactly this text.</value>
    public string? Audience { get; set; }

    /// <summary>A PEM file with the certificates to trust for the issuer's https.</summary>
    /// <value>Null by default: the platform's trust store. When set, only these are trusted.</value>
    public string? TrustAnchorFile { get; set; }

    /// <summary>The claim that names the tenant.</summary>
    /// <value><c>tenant</c> by default. A token without it is refused; there is no default tenant.</value>
    public string TenantClaim { get; set; } = "tenant";

    /// <summary>The claim that lists the permissions: text separated by spaces, or an array of texts.</summary>
    /// <value><c>permissions</c> by default. A token without it has no permission.</value>
    public string PermissionsClaim { get; set; } = "permissions";

    /// <summary>The signature algorithms the issuer may use.</summary>
    /// <value>Empty by default, which means <c>ES256</c>, <c>PS256</c> and <c>RS256</c>; <c>ES384</c> may be named too.</value>
    public IList<string> Algorithms { get; set; } = [];

    /// <summary>The <c>typ</c> values of the issuer's access tokens, compared as media types: without case, with or without <c>application/</c>.</summary>
    /// <value>Empty by default, which means <c>at+jwt</c>.</value>
    /// <remarks>Naming <c>JWT</c> lets id tokens through to the audience check; prefer to have the issuer follow RFC 9068.</remarks>
    public IList<string> TokenTypes { get; set; } = [];

    /// <summary>How far this host's clock and the issuer's may differ.</summary>
    /// <value>5 seconds by default, 0 to 30 seconds.</value>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the keys are fetched again while nothing asks for it.</summary>
    /// <value>5 minutes by default, 10 seconds to 1 day. A key the issuer withdrew is accepted for at most this long while the issuer answers.</value>
    public TimeSpan KeyRefreshInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the last good keys serve while the issuer does not answer.</summary>
    /// <value>1 hour by default, at least <see cref="KeyRefreshInterval"/>, at most 1 day. Afterwards calls are refused with <c>oidc.issuer_unavailable</c>.</value>
    public TimeSpan MaxKeyAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long fetching the discovery document and the key set may take together.</summary>
    /// <value>5 seconds by default, 1 to 30 seconds.</value>
    public TimeSpan FetchTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
