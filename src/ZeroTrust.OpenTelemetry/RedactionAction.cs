namespace ZeroTrust.OpenTelemetry;

/// <summary>What a <see cref="RedactionRule"/> does with the value of a matching attribute.</summary>
public enum RedactionAction
{
    /// <summary>No action was chosen. Refused by validation.</summary>
    Unspecified = 0,

    /// <summary>The value leaves the process. The value detectors still run over it, so that a kept key cannot carry a secret unseen.</summary>
    Keep = 1,

    /// <summary>The value is replaced by <c>[erased]</c>.</summary>
    Erase = 2,

    /// <summary>Every character but the last four is replaced by <c>*</c>; a value of eight characters or fewer is replaced completely.</summary>
    Mask = 3,

    /// <summary>
    /// The value is replaced by <c>tok:v1:</c> and a keyed hash (HMAC-SHA256, 128 bits, base64url), so that equal values of one attribute can
    /// still be counted and joined. The key is <see cref="RedactionOptions.TokenKey"/>; whoever holds it can test guesses.
    /// </summary>
    Token = 4,
}
