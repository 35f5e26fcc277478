namespace ZeroTrust.Jose;

/// <summary>Why the JOSE core refused a signature, a key or a key set. Codes read <c>jose.*</c>.</summary>
public enum JoseRejectionReason
{
    /// <summary>No reason was recorded: a defect.</summary>
    Unspecified = 0,

    /// <summary>The token, its header or the key set is longer than its limit.</summary>
    TooLarge = 1,

    /// <summary>Not the compact serialization: three parts (RFC 7515 section 3.1) with a header and a signature.</summary>
    PartCount = 2,

    /// <summary>A part is not canonical base64url without padding (RFC 7515 section 2): a foreign character, a padding sign, an impossible length or bits that are not used.</summary>
    EncodingInvalid = 3,

    /// <summary>Not one JSON object in well-formed UTF-8 within the depth limit (RFC 8259).</summary>
    JsonInvalid = 4,

    /// <summary>An object names a member twice (RFC 7515 section 4).</summary>
    DuplicateMember = 5,

    /// <summary>A header parameter has the wrong type or an impossible value.</summary>
    HeaderInvalid = 6,

    /// <summary>The header names no algorithm (RFC 7515 section 4.1.1).</summary>
    AlgorithmMissing = 7,

    /// <summary>The algorithm is <c>none</c>, symmetric or not one of ES256, ES384, PS256, RS256.</summary>
    AlgorithmRefused = 8,

    /// <summary>The header lists critical extensions (RFC 7515 section 4.1.11) or <c>b64</c> (RFC 7797); none is understood.</summary>
    CriticalExtension = 9,

    /// <summary>The token brings its own key: <c>jwk</c>, <c>jku</c>, <c>x5u</c> or <c>x5c</c>.</summary>
    EmbeddedKey = 10,

    /// <summary>The header's algorithm is not the one the key is for.</summary>
    AlgorithmMismatch = 11,

    /// <summary>The header's <c>kid</c> names another key.</summary>
    KeyIdMismatch = 12,

    /// <summary>The signature does not verify.</summary>
    SignatureInvalid = 13,

    /// <summary>A key is malformed (RFC 7518 section 6): a member is missing, not canonical, or not a point on its curve.</summary>
    KeyInvalid = 14,

    /// <summary>A key's type, curve or algorithm is not supported.</summary>
    KeyUnsupported = 15,

    /// <summary>An RSA key is shorter than 2048 bits (RFC 7518 section 3.3), longer than 8192, or its exponent is unusable.</summary>
    KeySizeRefused = 16,

    /// <summary>A key's <c>use</c> or <c>key_ops</c> does not allow verifying (RFC 7517 sections 4.2 and 4.3).</summary>
    KeyUseRefused = 17,

    /// <summary>A key set publishes private key material: the key is compromised.</summary>
    PrivateKeyPublished = 18,

    /// <summary>Two usable keys of a set share <c>kid</c> and algorithm, so a token would not say which it means.</summary>
    KeyIdDuplicated = 19,
}
