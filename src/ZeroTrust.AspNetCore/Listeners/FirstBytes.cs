namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>What a connection begins with.</summary>
internal enum FirstBytes
{
    /// <summary>A ClientHello that was read to its end.</summary>
    ClientHello = 0,

    /// <summary>A handshake record whose ClientHello goes on in the next, or cannot be read.</summary>
    PartOfHello = 1,

    /// <summary>The request line of HTTP/1.</summary>
    PlainHttp = 2,

    /// <summary>The preface of HTTP/2 (RFC 9113 section 3.4).</summary>
    PlainHttp2 = 3,

    /// <summary>A hello in the format of SSL 2.0 (RFC 5246 appendix E.2).</summary>
    Ssl2Hello = 4,

    /// <summary>A TLS record of another type.</summary>
    OtherRecord = 5,

    /// <summary>The header of the PROXY protocol, text or binary.</summary>
    ProxyHeader = 6,

    /// <summary>Nothing that is known here.</summary>
    Other = 7,
}
