using System.Text.Json;
using ZeroTrust.Jose;
using ZeroTrust.Oidc.Internal;

namespace ZeroTrust.Oidc.Keys;

/// <summary>The two facts we take from an issuer's discovery document, checked (OpenID Connect Discovery 1.0 section 4.3).</summary>
internal sealed class DiscoveryDocument
{
    private const int MaxDepth = 16;

    private DiscoveryDocument(string issuer, Uri keySetUri)
    {
        Issuer = issuer;
        KeySetUri = keySetUri;
    }

    /// <summary>The issuer as it spells itself; a token's <c>iss</c> must equal it exactly.</summary>
    public string Issuer { get; }

    public Uri KeySetUri { get; }

    public static Verdict<DiscoveryDocument> Parse(ReadOnlyMemory<byte> json, OidcIssuer configured)
    {
        if (!StrictJson.ParseObject(json, MaxDepth).TryGet(out var document, out var rejection))
        {
            return OidcRejections.Refuse(OidcRejectionReason.IssuerMetadataRefused, $"The discovery document is refused: {rejection}");
        }

        string? issuer;
        string? keySetUri;
        using (document)
        {
            issuer = Text(document.RootElement, "issuer");
            keySetUri = Text(document.RootElement, "jwks_uri");
        }

        // Without this an issuer, or whoever answers for it, could name another's tokens its own.
        if (issuer is null || OidcIssuer.WithoutTrailingSlash(issuer) != configured.Identity)
        {
            return OidcRejections.Refuse(
                OidcRejectionReason.IssuerMetadataRefused,
                "The discovery document names another issuer than the configured authority.",
                configured.Identity,
                issuer);
        }

        // The document must not send us to fetch from, and so to trust, any other place.
        if (!Uri.TryCreate(keySetUri, UriKind.Absolute, out var uri) || !IsSameOrigin(uri, configured.Authority))
        {
            return OidcRejections.Refuse(
                OidcRejectionReason.IssuerMetadataRefused,
                "The jwks_uri is not an https URL of the authority's own origin.",
                configured.Authority.GetLeftPart(UriPartial.Authority),
                keySetUri);
        }

        return new DiscoveryDocument(issuer, uri);
    }

    private static string? Text(JsonElement root, string member) =>
        root.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsSameOrigin(Uri uri, Uri authority) =>
        uri.Scheme == Uri.UriSchemeHttps
        && uri.UserInfo.Length == 0
        && uri.Port == authority.Port
        && string.Equals(uri.IdnHost, authority.IdnHost, StringComparison.OrdinalIgnoreCase);
}
