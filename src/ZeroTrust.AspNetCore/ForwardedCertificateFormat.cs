namespace ZeroTrust.AspNetCore;

/// <summary>In which headers, and how written, the proxies of a listener forward the certificates of their clients.</summary>
public enum ForwardedCertificateFormat
{
    /// <summary>
    /// <c>Client-Cert</c> and <c>Client-Cert-Chain</c> exactly as RFC 9440 has them: one certificate in each byte sequence.
    /// </summary>
    Rfc9440 = 0,

    /// <summary>
    /// As <see cref="Rfc9440"/>, but a byte sequence of <c>Client-Cert-Chain</c> may hold several certificates, one behind the other.
    /// </summary>
    /// <remarks>haproxy has the chain in this form alone (<c>ssl_c_chain_der</c>).</remarks>
    Rfc9440JoinedChain = 1,

    /// <summary>
    /// <c>X-Forwarded-Client-Cert</c> of Envoy: <c>Cert</c> and <c>Chain</c> of exactly one element, as PEM with percent-encoding.
    /// </summary>
    /// <remarks><c>Hash</c> has to fit where it stands; <c>By</c>, <c>Subject</c>, <c>URI</c> and <c>DNS</c> are never believed.</remarks>
    Xfcc = 2,
}
