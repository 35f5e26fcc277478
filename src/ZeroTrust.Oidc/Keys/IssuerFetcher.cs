using System.Net;
using ZeroTrust.Jose;
using ZeroTrust.Oidc.Internal;

namespace ZeroTrust.Oidc.Keys;

/// <summary>Fetches one issuer's discovery document and, from where it says, the key set.</summary>
internal sealed class IssuerFetcher(OidcIssuer issuer, HttpClient client, TimeProvider timeProvider)
{
    public async Task<Verdict<IssuerKeys>> FetchAsync(CancellationToken cancellationToken)
    {
        var began = timeProvider.GetUtcNow();
        var json = await GetAsync(issuer.DiscoveryUri, cancellationToken).ConfigureAwait(false);
        if (!DiscoveryDocument.Parse(json, issuer).TryGet(out var document, out var rejection))
        {
            return rejection;
        }

        json = await GetAsync(document.KeySetUri, cancellationToken).ConfigureAwait(false);
        if (!JsonWebKeySet.Parse(json).TryGet(out var keySet, out rejection))
        {
            return OidcRejections.Refuse(OidcRejectionReason.IssuerMetadataRefused, $"The key set is refused: {rejection}");
        }

        var keys = new IssuerKeys(document.Issuer, keySet, began);
        return keys.KeyIds.Count > 0
            ? keys
            : OidcRejections.Refuse(
                OidcRejectionReason.IssuerMetadataRefused,
                $"The key set has no usable key with an id; {keySet.Ignored.Count} were left out: {string.Join(' ', keySet.Ignored)}");
    }

    private async Task<byte[]> GetAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Accept.ParseAdd("application/json");

        // Reads the whole body, and no more than the client's MaxResponseContentBufferSize of it.
        using var response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.OK
            ? await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false)
            : throw new HttpRequestException($"{uri} answered {(int)response.StatusCode}.");
    }
}
