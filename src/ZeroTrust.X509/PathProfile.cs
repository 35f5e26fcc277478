namespace ZeroTrust.X509;

/// <summary>Which rules beyond the path algorithm itself a certificate has to keep. The differences are listed in <c>docs/divergences.md</c>.</summary>
public enum PathProfile
{
    /// <summary>The rules for peers of a service: an extended key usage is required, a CA is no leaf, name constraints hold whether critical or not.</summary>
    Strict = 0,

    /// <summary>RFC 5280 to the letter, with what it demands of conforming CAs: key identifiers present, name constraints critical.</summary>
    Rfc5280 = 1,
}
