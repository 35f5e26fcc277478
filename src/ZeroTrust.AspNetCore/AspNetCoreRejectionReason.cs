namespace ZeroTrust.AspNetCore;

/// <summary>Why a connection or a call was refused by its host. Codes are <c>aspnetcore.</c> and the name in snake_case.</summary>
public enum AspNetCoreRejectionReason
{
    /// <summary>No reason was recorded: a defect.</summary>
    Unspecified = 0,

    /// <summary>The connection carries no listener's mark: it was accepted by something we did not bind.</summary>
    ListenerUnknown = 1,

    /// <summary>The endpoint is not served on this listener's role. Answered as 404.</summary>
    EndpointNotOnListener = 2,

    /// <summary>No endpoint matches the request. Answered as 404.</summary>
    EndpointNotFound = 3,

    /// <summary>The endpoint has no decision, or more than one, or allows anonymous calls.</summary>
    EndpointUndecided = 4,

    /// <summary>The endpoint wants a verified peer and the connection has none.</summary>
    PeerRequired = 5,

    /// <summary>The peer is verified and is not one of those the endpoint names.</summary>
    PeerNotAllowed = 6,

    /// <summary>An authorization policy of the application wants an authenticated user.</summary>
    Unauthenticated = 7,

    /// <summary>An authorization policy of the application refused the user.</summary>
    Forbidden = 8,

    /// <summary>A check ended in an exception: a defect of the program.</summary>
    CheckFailed = 9,

    /// <summary>Too many TLS handshakes are under way on the listener: the connection waited for too long, or gave way to a newer one.</summary>
    HandshakesExceeded = 10,

    /// <summary>
    /// A proxy forwarded a client's certificate in a form that is not that of <see cref="ListenerOptions.ForwardedCertificate"/>, by
    /// default RFC 9440, sections 2.2 and 2.3.
    /// </summary>
    ForwardedCertificateMalformed = 11,

    /// <summary>A proxy that is not a peer of the listener itself forwarded no client's certificate.</summary>
    ForwardedCertificateMissing = 12,

    /// <summary>A response was about to start and no decision had accepted the call: a middleware or an endpoint answered past the pipeline. A defect of the program.</summary>
    ResponseUndecided = 13,

    /// <summary>A server this service called was refused, or refused the call. Answered as 502; what was refused is in the log alone.</summary>
    UpstreamRefused = 14,

    /// <summary>
    /// A server this service needs cannot be called now, for example without a valid local certificate. Answered as 503, or as 502 where the
    /// method of the call that is served is not idempotent.
    /// </summary>
    UpstreamUnavailable = 15,

    /// <summary>The connection sent no whole ClientHello in time.</summary>
    ClientHelloTimeout = 20,

    /// <summary>The peer kept its handshake waiting while others waited for its place.</summary>
    HandshakeStalled = 21,

    /// <summary>
    /// A connection from an address in <see cref="ListenerOptions.ProxyProtocolFrom"/> does not begin with a header of the PROXY protocol.
    /// </summary>
    ProxyHeaderMissing = 30,

    /// <summary>The header of the PROXY protocol cannot be read: its form, length, family or command, or its checksum.</summary>
    ProxyHeaderMalformed = 31,

    /// <summary>No whole header of the PROXY protocol came in time, or the connection gave way to a newer one before it did.</summary>
    ProxyHeaderTimeout = 32,

    /// <summary>A proxy forwarded an empty chain, as it has one after a resumed TLS session: the intermediates are not known.</summary>
    ForwardedChainEmpty = 33,
}
