namespace ZeroTrust.AspNetCore.Internal;

internal static class AspNetCoreRejections
{
    public static readonly RejectionFamily<AspNetCoreRejectionReason> Family = new("aspnetcore", KindOf);

    public static readonly string EndpointNotFoundCode = Family.CodeOf(AspNetCoreRejectionReason.EndpointNotFound);

    public static readonly string EndpointNotOnListenerCode = Family.CodeOf(AspNetCoreRejectionReason.EndpointNotOnListener);

    public static readonly string UpstreamUnavailableCode = Family.CodeOf(AspNetCoreRejectionReason.UpstreamUnavailable);

    private static readonly string UpstreamRefusedCode = Family.CodeOf(AspNetCoreRejectionReason.UpstreamRefused);

    public static Rejection Refuse(AspNetCoreRejectionReason reason, string detail) => Family.Refuse(reason, detail);

    /// <summary>What the caller is told of a refused outbound call; the code of that refusal stays in the detail.</summary>
    public static Rejection Upstream(Rejection outbound)
    {
        // Of an answer without a code of its own there is none to hide.
        if (outbound.Code == UpstreamRefusedCode && outbound.Kind == RejectionKind.BadGateway)
        {
            return outbound;
        }

        var reason = outbound.Kind == RejectionKind.Unavailable ? AspNetCoreRejectionReason.UpstreamUnavailable : AspNetCoreRejectionReason.UpstreamRefused;
        return new Rejection(Family.CodeOf(reason), outbound.ToString(), Family.KindOf(reason))
        {
            Expected = outbound.Expected,
            Presented = outbound.Presented,
            At = outbound.At,
        };
    }

    private static RejectionKind KindOf(AspNetCoreRejectionReason reason) => reason switch
    {
        AspNetCoreRejectionReason.ListenerUnknown => RejectionKind.Forbidden,
        AspNetCoreRejectionReason.EndpointNotOnListener => RejectionKind.Forbidden,
        AspNetCoreRejectionReason.EndpointNotFound => RejectionKind.Forbidden,
        AspNetCoreRejectionReason.EndpointUndecided => RejectionKind.Forbidden,
        AspNetCoreRejectionReason.PeerRequired => RejectionKind.Unauthenticated,
        AspNetCoreRejectionReason.PeerNotAllowed => RejectionKind.Forbidden,
        AspNetCoreRejectionReason.Unauthenticated => RejectionKind.Unauthenticated,
        AspNetCoreRejectionReason.Forbidden => RejectionKind.Forbidden,
        AspNetCoreRejectionReason.HandshakesExceeded => RejectionKind.Unavailable,
        AspNetCoreRejectionReason.ForwardedCertificateMalformed => RejectionKind.Malformed,
        AspNetCoreRejectionReason.ForwardedCertificateMissing => RejectionKind.Unauthenticated,
        AspNetCoreRejectionReason.UpstreamRefused => RejectionKind.BadGateway,
        AspNetCoreRejectionReason.UpstreamUnavailable => RejectionKind.Unavailable,
        AspNetCoreRejectionReason.ClientHelloTimeout => RejectionKind.Unavailable,
        AspNetCoreRejectionReason.HandshakeStalled => RejectionKind.Unavailable,
        AspNetCoreRejectionReason.ForwardedChainEmpty => RejectionKind.Unauthenticated,
        AspNetCoreRejectionReason.ProxyHeaderMissing => RejectionKind.Malformed,
        AspNetCoreRejectionReason.ProxyHeaderMalformed => RejectionKind.Malformed,
        AspNetCoreRejectionReason.ProxyHeaderTimeout => RejectionKind.Unavailable,
        _ => RejectionKind.Unspecified,
    };
}
