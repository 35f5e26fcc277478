using System.Text.Json;
using ZeroTrust.Jose;
using ZeroTrust.Oidc.Diagnostics;
using ZeroTrust.Oidc.Internal;

namespace ZeroTrust.Oidc.Tokens;

/// <summary>Verifies a user's access token: strict form, then its own issuer, then that issuer's key, then the claims.</summary>
/// <remarks>No key of one issuer is ever tried on another's token (RFC 8725 section 3.8), and nothing of a token is used before its signature but <c>iss</c>, <c>typ</c>, <c>alg</c> and <c>kid</c>.</remarks>
internal sealed class AccessTokenVerifier(OidcIssuers issuers, IIssuerKeySource keySource, TimeProvider timeProvider, OidcMetrics metrics)
{
    private static readonly RejectionFamily<JoseRejectionReason> Jose = new("jose", static _ => RejectionKind.Unauthenticated);

    public async ValueTask<Verdict<VerifiedAccessToken>> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        var verdict = await CheckAsync(token, cancellationToken).ConfigureAwait(false);
        metrics.TokenVerified(verdict.Rejection);
        return verdict;
    }

    private async ValueTask<Verdict<VerifiedAccessToken>> CheckAsync(string token, CancellationToken cancellationToken)
    {
        if (!Parse(token).TryGet(out var jws, out var rejection)
            || !SelectIssuer(jws).TryGet(out var issuer, out rejection))
        {
            return rejection;
        }

        if (CheckHeader(jws.Header, issuer) is { } refusal)
        {
            return refusal;
        }

        var held = await keySource.GetKeysAsync(issuer.Name, jws.Header.KeyId, cancellationToken).ConfigureAwait(false);
        if (!held.TryGet(out var keys, out rejection)
            || !Verify(jws, keys).TryGet(out var verified, out rejection)
            || !StrictJson.ParseObject(verified.Payload).TryGet(out var claims, out rejection))
        {
            return rejection;
        }

        using (claims)
        {
            return AccessTokenClaims.Read(claims.RootElement, issuer, keys.Issuer, timeProvider.GetUtcNow());
        }
    }

    private static Verdict<ParsedJws> Parse(string token)
    {
        // RFC 7519 section 6: an empty signature is how an unsecured token is spelled.
        if (token.EndsWith('.'))
        {
            return OidcRejections.Refuse(OidcRejectionReason.AlgorithmRefused, "The token is not signed.");
        }

        return StrictJws.Parse(token).TryGet(out var jws, out var rejection)
            ? jws
            : OidcRejections.Refuse(
                rejection.Code == Jose.CodeOf(JoseRejectionReason.AlgorithmRefused) ? OidcRejectionReason.AlgorithmRefused : OidcRejectionReason.TokenMalformed,
                rejection.ToString());
    }

    private Verdict<OidcIssuer> SelectIssuer(ParsedJws jws)
    {
        if (!StrictJson.ParseObject(jws.UnverifiedPayload).TryGet(out var document, out var rejection))
        {
            return OidcRejections.Refuse(OidcRejectionReason.TokenMalformed, rejection.ToString());
        }

        using (document)
        {
            if (!document.RootElement.TryGetProperty("iss", out var iss))
            {
                return OidcRejections.Refuse(OidcRejectionReason.ClaimMissing, "The token has no 'iss'.");
            }

            return iss.ValueKind == JsonValueKind.String && issuers.FindByClaim(iss.GetString()!) is { } issuer
                ? issuer
                : OidcRejections.Refuse(OidcRejectionReason.IssuerUnknown, "No configured issuer has this iss.", expected: null, iss.ToString());
        }
    }

    private static Rejection? CheckHeader(JwsHeader header, OidcIssuer issuer)
    {
        if (!issuer.TokenTypes.Any(header.IsType))
        {
            return OidcRejections.Refuse(
                OidcRejectionReason.TokenTypeRefused, "The typ is not that of an access token.", string.Join(", ", issuer.TokenTypes), header.Type);
        }

        if (!issuer.Algorithms.Contains(header.Algorithm))
        {
            return OidcRejections.Refuse(
                OidcRejectionReason.AlgorithmRefused, "The issuer may not use this algorithm.", string.Join(", ", issuer.Algorithms), header.Algorithm);
        }

        return header.KeyId is null ? OidcRejections.Refuse(OidcRejectionReason.KeyUnknown, "The token names no key.") : null;
    }

    private static Verdict<VerifiedJws> Verify(ParsedJws jws, IssuerKeys keys)
    {
        if (keys.KeySet.Find(jws.Header) is not { } key)
        {
            return keys.Contains(jws.Header.KeyId!)
                ? OidcRejections.Refuse(OidcRejectionReason.AlgorithmRefused, "The key is for another algorithm.", expected: null, jws.Header.Algorithm)
                : OidcRejections.Refuse(OidcRejectionReason.KeyUnknown, "The issuer does not publish this key.", expected: null, jws.Header.KeyId);
        }

        return jws.Verify(key).TryGet(out var verified, out var rejection)
            ? verified
            : OidcRejections.Refuse(OidcRejectionReason.SignatureInvalid, rejection.ToString());
    }
}
