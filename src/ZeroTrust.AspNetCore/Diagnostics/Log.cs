using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Auditing;

namespace ZeroTrust.AspNetCore.Diagnostics;

/// <summary>The events. Those that audit a refusal name their attributes as metrics and traces do, dots included.</summary>
[SuppressMessage("Naming", "CA1727", Justification = "The placeholders are attribute names of OpenTelemetry's conventions.")]
internal static partial class Log
{
    private static readonly Action<ILogger, string, string, string, string, Exception?> PeerRefusedEvent =
        LoggerMessage.Define<string, string, string, string>(
            LogLevel.Warning,
            new EventId(4500, nameof(PeerRefused)),
            "Peer refused on listener {zerotrust.listener}: {error.type}, leaf {zerotrust.leaf_sha256}. {zerotrust.detail}");

    private static readonly Action<ILogger, string, string, string, string, string, Exception?> ProvedPeerRefusedEvent =
        LoggerMessage.Define<string, string, string, string, string>(
            LogLevel.Warning,
            new EventId(4500, nameof(PeerRefused)),
            "Peer {zerotrust.workload} refused on listener {zerotrust.listener}: {error.type}, leaf {zerotrust.leaf_sha256}. {zerotrust.detail}");

    private static readonly Action<ILogger, string, string, string, Exception?> PeerAcceptedEvent =
        LoggerMessage.Define<string, string, string>(
            LogLevel.Debug,
            new EventId(4501, nameof(PeerAccepted)),
            "Peer {zerotrust.workload} accepted on listener {zerotrust.listener}, leaf {zerotrust.leaf_sha256}.");

    private static readonly Action<ILogger, string, string, string, int, string, Exception?> CallRefusedEvent =
        LoggerMessage.Define<string, string, string, int, string>(
            LogLevel.Warning,
            new EventId(4502, nameof(CallRefused)),
            "Call from {zerotrust.workload} refused on listener {zerotrust.listener}: {error.type}, status {http.response.status_code}. {zerotrust.detail}");

    private static readonly Action<ILogger, string, string, string, int, string, Exception?> CallFailedUpstreamEvent =
        LoggerMessage.Define<string, string, string, int, string>(
            LogLevel.Warning,
            new EventId(4550, nameof(CallFailedUpstream)),
            "A call to another server was refused while serving {zerotrust.workload} on listener {zerotrust.listener}: answered {error.type}, status {http.response.status_code}. {zerotrust.detail}");

    private static readonly Action<ILogger, string, string, string, string, Exception?> ConnectionCutEvent =
        LoggerMessage.Define<string, string, string, string>(
            LogLevel.Warning,
            new EventId(4507, nameof(ConnectionCut)),
            "The connection of {zerotrust.workload} on listener {zerotrust.listener} is cut: {error.type}. {zerotrust.detail}");

    private static readonly Action<ILogger, string, string, Exception?> ConnectionOutlivedEvent =
        LoggerMessage.Define<string, string>(
            LogLevel.Debug,
            new EventId(4508, nameof(ConnectionOutlived)),
            "The connection of {zerotrust.workload} on listener {zerotrust.listener} is older than a rotation; one of its next calls moves it.");

    private static readonly Action<ILogger, string, string, int, string, string, string, Exception?> ForwardedCallRefusedEvent =
        LoggerMessage.Define<string, string, int, string, string, string>(
            LogLevel.Warning,
            new EventId(4502, nameof(CallRefused)),
            "Call from {zerotrust.workload} refused: {error.type}, status {http.response.status_code}, listener {zerotrust.listener}, proxy {zerotrust.proxy}. {zerotrust.detail}");

    private static readonly Action<ILogger, string, string, string, string, Exception?> ForwardedPeerAcceptedEvent =
        LoggerMessage.Define<string, string, string, string>(
            LogLevel.Debug,
            new EventId(4521, nameof(ForwardedPeerAccepted)),
            "Peer {zerotrust.workload} accepted from proxy {zerotrust.proxy} on listener {zerotrust.listener}, leaf {zerotrust.leaf_sha256}.");

    private static readonly Action<ILogger, string, string, string, string, string, Exception?> ForwardedCallCutEvent =
        LoggerMessage.Define<string, string, string, string, string>(
            LogLevel.Warning,
            new EventId(4522, nameof(ForwardedCallCut)),
            "A running call of {zerotrust.workload}, forwarded by proxy {zerotrust.proxy} on listener {zerotrust.listener}, is cut: {error.type}. {zerotrust.detail}");

    public static void PeerRefused(ILogger logger, string listener, Rejection rejection, string? workload, string? leafSha256)
    {
        if (workload is null)
        {
            PeerRefusedEvent(logger, listener, rejection.Code, leafSha256 ?? "none", Describe(rejection), null);
        }
        else
        {
            ProvedPeerRefusedEvent(logger, workload, listener, rejection.Code, leafSha256 ?? "none", Describe(rejection), null);
        }
    }

    public static void PeerAccepted(ILogger logger, string listener, string workload, string leafSha256) =>
        PeerAcceptedEvent(logger, workload, listener, leafSha256, null);

    public static void ConnectionCut(ILogger logger, string listener, string workload, Rejection rejection) =>
        ConnectionCutEvent(logger, workload, listener, rejection.Code, Describe(rejection), null);

    public static void ConnectionOutlived(ILogger logger, string listener, string workload) => ConnectionOutlivedEvent(logger, workload, listener, null);

    public static void CallRefused(ILogger logger, string? listener, string? workload, string? proxy, Rejection rejection, int status)
    {
        if (proxy is null)
        {
            CallRefusedEvent(logger, workload ?? "none", listener ?? "none", rejection.Code, status, Describe(rejection), null);
        }
        else
        {
            ForwardedCallRefusedEvent(logger, workload ?? "none", rejection.Code, status, listener ?? "none", proxy, Describe(rejection), null);
        }
    }

    public static void CallFailedUpstream(ILogger logger, string? workload, string? listener, Rejection told, int status) =>
        CallFailedUpstreamEvent(logger, workload ?? "none", listener ?? "none", told.Code, status, Describe(told), null);

    public static void ForwardedPeerAccepted(ILogger logger, string workload, string proxy, string? listener, string leafSha256) =>
        ForwardedPeerAcceptedEvent(logger, workload, proxy, listener ?? "none", leafSha256, null);

    public static void ForwardedCallCut(ILogger logger, string? listener, string workload, string proxy, Rejection rejection) =>
        ForwardedCallCutEvent(logger, workload, proxy, listener ?? "none", rejection.Code, Describe(rejection), null);

    public static void CallServed(ILogger logger, ServedCall call)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            logger.Log(LogLevel.Information, new EventId(4541, nameof(CallServed)), call, exception: null, static (state, _) => state.ToString());
        }
    }

    [LoggerMessage(EventId = 4503, EventName = "CheckFailed", Level = LogLevel.Error, Message = "The check {Check} ended in an exception; the call is refused.")]
    public static partial void CheckFailed(ILogger logger, string check, Exception exception);

    [LoggerMessage(EventId = 4504, EventName = "HandshakeNotPrepared", Level = LogLevel.Error, Message = "Listener {Listener} has no usable certificate; the connection is closed.")]
    public static partial void HandshakeNotPrepared(ILogger logger, string listener, Exception exception);

    [LoggerMessage(EventId = 4505, EventName = "EdgeCertificateReloaded", Level = LogLevel.Information, Message = "Listener {Listener} presents a new certificate, valid until {NotAfter}.")]
    public static partial void EdgeCertificateReloaded(ILogger logger, string listener, DateTimeOffset notAfter);

    [LoggerMessage(EventId = 4506, EventName = "EdgeCertificateReloadFailed", Level = LogLevel.Warning, Message = "Listener {Listener} cannot read its new certificate and {InUse}: {Detail}")]
    public static partial void EdgeCertificateReloadFailed(ILogger logger, string listener, string inUse, string detail);

    [LoggerMessage(EventId = 4517, EventName = "EdgeCertificateShrank", Level = LogLevel.Warning,
        Message = "Listener {Listener} sends less with its new certificate than before: {Detail}")]
    public static partial void EdgeCertificateShrank(ILogger logger, string listener, string detail);

    [LoggerMessage(EventId = 4518, EventName = "EdgeCertificateNotSent", Level = LogLevel.Warning,
        Message = "Of the certificates of listener {Listener} one is not sent, as the platform builds one chain alone: {Certificate}. "
            + "Clients that need it refuse")]
    public static partial void EdgeCertificateNotSent(ILogger logger, string listener, string certificate);

    [LoggerMessage(EventId = 4509, EventName = "PeerRefusalsSuppressed", Level = LogLevel.Warning, Message = "Listener {Listener} refused {Suppressed} more peers from {Caller}, which were not logged.")]
    public static partial void PeerRefusalsSuppressed(ILogger logger, string listener, long suppressed, string caller);

    [LoggerMessage(EventId = 4510, EventName = "ConnectionEvicted", Level = LogLevel.Warning,
        Message = "Listener {Listener} has {Limit} connections open, its limit; {Closed} of the peer or address with most were closed for new ones since the last such event.")]
    public static partial void ConnectionEvicted(ILogger logger, string listener, int limit, long closed);

    [LoggerMessage(EventId = 4511, EventName = "EdgeCertificateExpired", Level = LogLevel.Error,
        Message = "The certificate of listener {Listener} expired at {NotAfter}; clients refuse it.")]
    public static partial void EdgeCertificateExpired(ILogger logger, string listener, DateTimeOffset notAfter);

    [LoggerMessage(EventId = 4512, EventName = "EdgeCertificateEnding", Level = LogLevel.Warning,
        Message = "The certificate of listener {Listener} ends at {NotAfter} and was not renewed.")]
    public static partial void EdgeCertificateEnding(ILogger logger, string listener, DateTimeOffset notAfter);

    [LoggerMessage(EventId = 4513, EventName = "EdgeCertificateNotYetValid", Level = LogLevel.Error,
        Message = "The certificate of listener {Listener} begins at {NotBefore}, and the clock of this host is at {Now}; clients refuse it.")]
    public static partial void EdgeCertificateNotYetValid(ILogger logger, string listener, DateTimeOffset notBefore, DateTimeOffset now);

    [LoggerMessage(EventId = 4514, EventName = "ListenerCheckWeakened", Level = LogLevel.Warning,
        Message = "Code has weakened a check, {Weakening}, for this reason: {Reason}")]
    public static partial void ListenerCheckWeakened(ILogger logger, string weakening, string reason);

    [LoggerMessage(EventId = 4560, EventName = "CertificateLookFailed", Level = LogLevel.Error,
        Message = "Looking at the {Source} failed; it is looked at again")]
    public static partial void CertificateLookFailed(ILogger logger, string source, Exception exception);

    [LoggerMessage(EventId = 4561, EventName = "ListenerReadinessSignalFailed", Level = LogLevel.Error,
        Message = "A readiness signal failed when the state of {Dependency} was reported; it is reported again")]
    public static partial void ReadinessSignalFailed(ILogger logger, string dependency, Exception exception);

    [LoggerMessage(EventId = 4520, EventName = "CertificateHeaderStripped", Level = LogLevel.Warning,
        Message = "Removed the inbound headers {Headers} on listener {Listener}, peer {Peer}.")]
    public static partial void CertificateHeaderStripped(ILogger logger, string headers, string? listener, string? peer);

    [LoggerMessage(EventId = 4523, EventName = "CertificateHeadersSuppressed", Level = LogLevel.Warning,
        Message = "Listener {Listener} removed headers with certificates from {Suppressed} more calls of {Caller}, which were not logged.")]
    public static partial void CertificateHeadersSuppressed(ILogger logger, string? listener, long suppressed, string caller);

    [LoggerMessage(EventId = 4524, EventName = "ForwardedHeaderStripped", Level = LogLevel.Warning,
        Message = "Removed the forwarded headers {Headers} on listener {Listener}, peer {Peer}")]
    public static partial void ForwardedHeaderStripped(ILogger logger, string headers, string? listener, string? peer);

    [LoggerMessage(EventId = 4525, EventName = "ForwardedHeadersSuppressed", Level = LogLevel.Warning,
        Message = "Listener {Listener} removed forwarded headers from {Suppressed} more calls of {Caller}, which were not logged")]
    public static partial void ForwardedHeadersSuppressed(ILogger logger, string? listener, long suppressed, string caller);

    [LoggerMessage(EventId = 4540, EventName = "CallRefusalsSuppressed", Level = LogLevel.Warning,
        Message = "Listener {Listener} refused {Suppressed} more calls of {Caller}, which were not logged.")]
    public static partial void CallRefusalsSuppressed(ILogger logger, string? listener, long suppressed, string caller);

    private static string Describe(Rejection rejection) => rejection switch
    {
        { Expected: { } expected, Presented: { } presented } => $"{rejection.Detail} Expected {expected}, presented {presented}.",
        { Presented: { } presented } => $"{rejection.Detail} Presented {presented}.",
        { Expected: { } expected } => $"{rejection.Detail} Expected {expected}.",
        _ => rejection.Detail,
    };
}
