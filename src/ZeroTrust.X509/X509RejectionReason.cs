namespace ZeroTrust.X509;

/// <summary>Why a certificate, a CRL or a path was refused. The code is <c>x509.</c> and the member in snake_case.</summary>
public enum X509RejectionReason
{
    /// <summary>No reason was given: a defect of the program.</summary>
    Unspecified = 0,

    /// <summary>The bytes are not the DER of an X.509 certificate or CRL, or repeat an extension (RFC 5280 sections 4.1 and 4.2).</summary>
    Malformed = 1,

    /// <summary>The platform reads another key out of the same bytes than we do.</summary>
    KeyDisagreement = 2,

    /// <summary>A certificate is not version 3 (RFC 5280 section 4.1.2.1).</summary>
    VersionUnsupported = 3,

    /// <summary>A serial number is zero, negative or longer than 20 octets (RFC 5280 section 4.1.2.2).</summary>
    SerialNumberInvalid = 4,

    /// <summary>The inner and the outer signature algorithm differ (RFC 5280 section 4.1.1.2).</summary>
    AlgorithmMismatch = 5,

    /// <summary>A signature algorithm is weaker than SHA-256, or unknown.</summary>
    SignatureAlgorithmRefused = 6,

    /// <summary>A key is not RSA of 2048 to 8192 bits, nor ECDSA on P-256, P-384 or P-521 named by its curve.</summary>
    KeyRefused = 7,

    /// <summary>A certificate is past its notAfter (RFC 5280 section 4.1.2.5).</summary>
    Expired = 8,

    /// <summary>A certificate is before its notBefore (RFC 5280 section 4.1.2.5).</summary>
    NotYetValid = 9,

    /// <summary>No chain of names leads to an anchor (RFC 5280 section 6.1).</summary>
    UntrustedAnchor = 10,

    /// <summary>A signature does not verify with the issuer's key (RFC 5280 section 6.1.3).</summary>
    SignatureInvalid = 11,

    /// <summary>An issuer is not a CA by its basic constraints (RFC 5280 sections 4.2.1.9 and 6.1.4).</summary>
    IssuerNotCa = 12,

    /// <summary>A path holds more CA certificates than a CA of it or the policy allows (RFC 5280 section 4.2.1.9).</summary>
    PathTooLong = 13,

    /// <summary>An issuer's key usage does not hold keyCertSign (RFC 5280 section 4.2.1.3).</summary>
    IssuerKeyUsageInvalid = 14,

    /// <summary>The leaf's key usage is without digitalSignature, or signs certificates without being a CA (RFC 5280 section 4.2.1.3).</summary>
    LeafKeyUsageInvalid = 15,

    /// <summary>The leaf is a CA certificate.</summary>
    LeafIsCa = 16,

    /// <summary>The leaf's or a CA's extended key usage does not allow the purpose; at the leaf, absent counts as not allowed (RFC 5280 section 4.2.1.12).</summary>
    ExtendedKeyUsageMissing = 17,

    /// <summary>A critical extension is not understood (RFC 5280 section 4.2).</summary>
    UnknownCriticalExtension = 18,

    /// <summary>An extension that is understood breaks a rule about its criticality or its content (RFC 5280 section 4.2).</summary>
    ExtensionInvalid = 19,

    /// <summary>The issuer or a CA's subject is empty, or a leaf without a subject has no critical alternative name (RFC 5280 section 4.1.2.6).</summary>
    NameMissing = 20,

    /// <summary>The leaf does not carry an expected name (RFC 9525 section 6).</summary>
    NameMismatch = 21,

    /// <summary>A name lies outside the permitted or inside the excluded subtrees of a CA (RFC 5280 section 4.2.1.10).</summary>
    NameConstraintViolated = 22,

    /// <summary>The path is not valid for an acceptable certificate policy (RFC 5280 section 6.1.5).</summary>
    CertificatePolicyViolated = 23,

    /// <summary>A certificate of the path is revoked (RFC 5280 section 6.3).</summary>
    Revoked = 24,

    /// <summary>No current CRL tells a certificate's revocation status for every reason (RFC 5280 section 6.3).</summary>
    RevocationStatusUnavailable = 25,

    /// <summary>A certificate of the path is on the deny-list.</summary>
    Denied = 26,

    /// <summary>The verification would cost more work than its limits allow.</summary>
    BudgetExceeded = 27,

    /// <summary>The platform's <c>X509Chain</c> does not accept the path we accept, for another reason than those our own rules answer.</summary>
    PlatformVeto = 28,

    /// <summary>The verification itself failed unexpectedly: a defect of the program, answered as a refusal.</summary>
    VerificationFailed = 29,

    /// <summary>The name constraints of a certificate hold a base that means nothing, such as a DNS name with a leading dot (RFC 5280 section 4.2.1.10).</summary>
    NameConstraintsInvalid = 30,

    /// <summary>An RSASSA-PSS signature has a mask generation, salt length or trailer other than its hash asks for (RFC 4055 section 3.1).</summary>
    SignatureParametersRefused = 31,
}
