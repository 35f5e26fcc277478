using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace ZeroTrust.Oidc.Internal;

/// <summary>The issuers of the configuration, found by name or by what a token's <c>iss</c> says.</summary>
internal sealed class OidcIssuers
{
    private readonly FrozenDictionary<string, OidcIssuer> _byName;
    private readonly FrozenDictionary<string, OidcIssuer> _byIdentity;

    public OidcIssuers(IOptions<OidcOptions> options)
    {
        All = [.. options.Value.Issuers.Select(entry => new OidcIssuer(entry.Key, entry.Value))];
        _byName = All.ToFrozenDictionary(issuer => issuer.Name, StringComparer.Ordinal);
        _byIdentity = All.ToFrozenDictionary(issuer => issuer.Identity, StringComparer.Ordinal);
    }

    public IReadOnlyList<OidcIssuer> All { get; }

    public OidcIssuer? FindByName(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Selects by the unverified claim; the exact spelling is compared once the issuer's document is known.</summary>
    public OidcIssuer? FindByClaim(string iss) => _byIdentity.GetValueOrDefault(OidcIssuer.WithoutTrailingSlash(iss));
}
