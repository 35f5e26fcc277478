namespace ZeroTrust.Oidc;

/// <summary>Why a user's access token was refused. The code of a member is <c>oidc.</c> and its name in snake_case.</summary>
public enum OidcRejectionReason
{
    /// <summary>No reason was given: a defect of this package. Answered as 500.</summary>
    Unspecified = 0,

    /// <summary>The request carries no bearer token (RFC 6750 section 2.1).</summary>
    TokenMissing = 1,

    /// <summary>The token is not one strict compact JWS with a JSON object of well-typed claims (RFC 7515 section 7.1, RFC 7519 section 7.2).</summary>
    TokenMalformed = 2,

    /// <summary>The <c>typ</c> is not one that the issuer may use for access tokens (RFC 9068 section 4).</summary>
    TokenTypeRefused = 3,

    /// <summary>The <c>alg</c> is none, symmetric, or not allowed for the issuer or its key (RFC 8725 section 3.1).</summary>
    AlgorithmRefused = 4,

    /// <summary>The <c>iss</c> is not, exactly, a configured issuer (RFC 9207, RFC 8725 section 3.8).</summary>
    IssuerUnknown = 5,

    /// <summary>The <c>kid</c> is absent, or the issuer publishes no usable key by that name (RFC 7515 section 4.1.4).</summary>
    KeyUnknown = 6,

    /// <summary>The signature does not verify (RFC 7515 section 5.2).</summary>
    SignatureInvalid = 7,

    /// <summary>The <c>aud</c> does not name this service exactly (RFC 7519 section 4.1.3).</summary>
    AudienceMismatch = 8,

    /// <summary>The <c>exp</c> has passed (RFC 7519 section 4.1.4).</summary>
    TokenExpired = 9,

    /// <summary>The <c>nbf</c> or <c>iat</c> lies in the future (RFC 7519 sections 4.1.5, 4.1.6).</summary>
    TokenNotYetValid = 10,

    /// <summary>A claim that every token must carry is absent: <c>iss</c>, <c>aud</c>, <c>exp</c>, <c>sub</c> or the tenant.</summary>
    ClaimMissing = 11,

    /// <summary>The subject, tenant or permissions claim is not of the form the context takes.</summary>
    ClaimInvalid = 12,

    /// <summary>The issuer could not be reached and no sufficiently recent keys are held. Answered as 503.</summary>
    IssuerUnavailable = 13,

    /// <summary>The issuer answered with a discovery document or key set that must not be used (OpenID Connect Discovery 1.0 section 4.3). Answered as 503.</summary>
    IssuerMetadataRefused = 14,

    /// <summary>The token may be used only with the key its <c>cnf</c> names (RFC 7800), and that is not verified here.</summary>
    TokenSenderConstrained = 15,
}
