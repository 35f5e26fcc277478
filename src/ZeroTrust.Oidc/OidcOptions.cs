namespace ZeroTrust.Oidc;

/// <summary>The issuers whose access tokens an edge service accepts.</summary>
public sealed class OidcOptions
{
    /// <summary>The configuration section these options are bound from.</summary>
    public const string SectionName = "ZeroTrust:Oidc";

    /// <summary>The issuers, by a name of the operator's choice.</summary>
    /// <value>Empty by default; at least one is required. A name is 1 to 32 of <c>[a-z0-9-]</c> and qualifies the subject: <c>name/sub</c>.</value>
    public IDictionary<string, OidcIssuerOptions> Issuers { get; set; } =
        new Dictionary<string, OidcIssuerOptions>(StringComparer.Ordinal);
}
