namespace ZeroTrust.Authz;

/// <summary>Why a context was refused, not minted, not sent, or does not suffice. Codes read <c>authz.*</c>.</summary>
/// <remarks>The rule numbers are those of the context token: the first rule that fails decides the code.</remarks>
public enum AuthzRejectionReason
{
    /// <summary>No reason was recorded: a defect.</summary>
    Unspecified = 0,

    /// <summary>The call carries no context where one is required.</summary>
    ContextMissing = 1,

    /// <summary>A context header has more than one value; never sent by an honest peer.</summary>
    HeaderDuplicated = 2,

    /// <summary>Rule 1: the headers are longer than 8192 characters together.</summary>
    TooLarge = 3,

    /// <summary>Rule 1: a JOSE header is not exactly <c>alg</c>, <c>typ</c> and one reference to the key.</summary>
    TokenHeaderRefused = 4,

    /// <summary>Rule 1: <c>typ</c> is not the one of a root or of a link.</summary>
    TokenTypeRefused = 5,

    /// <summary>Rule 1: a token service signed the root with another algorithm than ES256, ES384 and PS256.</summary>
    RootAlgorithmRefused = 6,

    /// <summary>Rule 1: the claims of the root are not exactly the expected ones, or one has an impossible value.</summary>
    TokenMalformed = 7,

    /// <summary>Rule 1: there is no link; a root alone is never accepted.</summary>
    ChainMissing = 8,

    /// <summary>Rule 1: the claims of a link are not exactly the expected ones, or one has an impossible value.</summary>
    LinkMalformed = 9,

    /// <summary>Rule 1: there are more than 4 links, or one more would be.</summary>
    ChainTooLong = 10,

    /// <summary>Rule 1: the certificates are missing, not canonical, empty, repeated or too many.</summary>
    CertificatesMalformed = 11,

    /// <summary>Rule 2: a signature names a certificate that was not sent.</summary>
    SignerCertificateMissing = 12,

    /// <summary>Rule 2: a signer's certificate is not trusted now, in the role of a client.</summary>
    SignerUntrusted = 13,

    /// <summary>Rule 2: a signer's certificate names no workload, so it may not sign.</summary>
    SignerUnnamed = 14,

    /// <summary>Rule 3: the root's signer holds no mint grant.</summary>
    MintGrantMissing = 15,

    /// <summary>Rule 3: the mint grant does not cover the tenant.</summary>
    MintTenantNotGranted = 16,

    /// <summary>Rule 3: the mint grant does not cover this kind of subject.</summary>
    MintSubjectKindNotGranted = 17,

    /// <summary>Rule 3: a permission is above the mint grant's ceiling.</summary>
    MintPermissionNotGranted = 18,

    /// <summary>Rule 3: the lifetime is longer than the mint grant allows.</summary>
    MintLifetimeNotGranted = 19,

    /// <summary>Rule 3: <c>iss</c> is not the workload that signed the root.</summary>
    IssuerMismatch = 20,

    /// <summary>Rule 3: <c>req_wl</c> is not the workload that signed the root, or that redeems the root of a token service.</summary>
    RequesterMismatch = 21,

    /// <summary>Rule 4: <c>aud</c> is not this trust domain.</summary>
    AudienceMismatch = 22,

    /// <summary>Rule 4: <c>iat</c> lies more than 5 s ahead.</summary>
    NotYetValid = 23,

    /// <summary>Rule 4: <c>exp</c> lies 5 s or more behind.</summary>
    Expired = 24,

    /// <summary>
    /// Rule 4: <c>exp</c> is not after <c>iat</c>, or more than 120 s after it. Rule 5: that of a link is not after <c>iat</c>, or <c>iat</c>
    /// lies more than 5 s before that of the token it follows.
    /// </summary>
    LifetimeRefused = 25,

    /// <summary>Rule 5: a link is not signed by the workload the context was handed to.</summary>
    LinkSignerMismatch = 26,

    /// <summary>Rule 5: <c>prv</c> is not the hash of the preceding token; something was dropped, exchanged or reordered.</summary>
    ChainBroken = 27,

    /// <summary>Rule 5: a link claims a permission its predecessor does not hold.</summary>
    ScopeWidened = 28,

    /// <summary>Rule 5: a link ends after its predecessor.</summary>
    LinkExpiryExtended = 29,

    /// <summary>Rule 5: a link ends after its signer's certificate.</summary>
    LinkOutlivesSigner = 30,

    /// <summary>Rule 6: the context was handed to another workload.</summary>
    NotAddressedHere = 31,

    /// <summary>Rule 7: the last signer is not the peer of this connection; the context was captured or passed around.</summary>
    SenderMismatch = 32,

    /// <summary>The context does not hold the permission that is required.</summary>
    PermissionMissing = 33,

    /// <summary>The context is for another tenant than the resource.</summary>
    TenantMismatch = 34,

    /// <summary>This workload has no name of its own, so it can neither mint, link nor be addressed.</summary>
    OwnWorkloadUnnamed = 35,

    /// <summary>Plain headers: one of tenant, subject and permissions is missing; there is no default for any.</summary>
    PlainContextIncomplete = 36,

    /// <summary>Plain headers stand beside a token; never sent by an honest peer.</summary>
    PlainContextBesideToken = 37,

    /// <summary>Plain headers: a value is not a tenant, a subject or permissions separated by one space each.</summary>
    PlainContextMalformed = 38,

    /// <summary>Plain headers: this workload does not believe those of the peer.</summary>
    PlainSenderNotListed = 39,

    /// <summary>Rule 3: the root names a key by <c>kid</c>, and its <c>iss</c> is no token service that is believed here.</summary>
    TokenServiceUnknown = 40,

    /// <summary>Rule 3: the token service has no such key, or no longer.</summary>
    TokenServiceKeyUnknown = 41,

    /// <summary>Rule 3: the keys of the token service could not be read yet.</summary>
    TokenServiceKeysUnavailable = 42,

    /// <summary>Reading across tenants needs a permission that the context does not hold, or that nobody named.</summary>
    CrossTenantNotGranted = 43,

    /// <summary>The grant to read across tenants has ended.</summary>
    CrossTenantGrantExpired = 44,

    /// <summary>The grant to read across tenants could not be recorded, so there is none.</summary>
    CrossTenantAuditFailed = 45,

    /// <summary>
    /// This workload's certificate has ended, or the clock says that it has not begun, so it can neither mint nor link until it has the next one.
    /// </summary>
    OwnCertificateExpired = 46,

    /// <summary>Rule 3: a system subject is not the workload that begins the context, and the mint grant does not list it.</summary>
    MintSubjectNotGranted = 47,

    /// <summary>A request names a SignalR connection that another caller began.</summary>
    ConnectionMismatch = 48,

    /// <summary>
    /// A request to a cached endpoint, or what a policy put into the key of its answer, holds a control character (U+001E, U+001F) that the output cache
    /// makes no key with.
    /// </summary>
    CacheKeyMalformed = 49,

    /// <summary>Rule 3: the keys of the token service were not looked at within <c>ZeroTrust:Mtls:MaxStaleness</c>, so a withdrawn one would still pass.</summary>
    TokenServiceKeysStale = 70,
}
