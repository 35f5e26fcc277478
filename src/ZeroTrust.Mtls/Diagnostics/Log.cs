using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using ZeroTrust.Shared;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Diagnostics;

[SuppressMessage("Naming", "CA1727", Justification = "The placeholders are attribute names of OpenTelemetry's conventions.")]
internal static partial class Log
{
    // By hand, since the generator cannot name attributes with dots.
    private static readonly Action<ILogger, string, string, Exception?> ServerAcceptedMessage = LoggerMessage.Define<string, string>(
        LogLevel.Debug, new EventId(1001, "ServerAccepted"), "The server {zerotrust.workload} at {server.address} is proved.");

    private static readonly Action<ILogger, string, string, string, string?, string?, string?, Exception?> ServerRefusedMessage =
        LoggerMessage.Define<string, string, string, string?, string?, string?>(
            LogLevel.Warning,
            new EventId(1002, "ServerRefused"),
            "The server at {server.address} was refused: {error.type}. {zerotrust.detail} Expected {zerotrust.expected}, presented {zerotrust.presented}, leaf {zerotrust.leaf_sha256}.");

    private static readonly Action<ILogger, string, string, string, string, string, Exception?> ServerConnectionAbortedMessage =
        LoggerMessage.Define<string, string, string, string, string>(
            LogLevel.Warning,
            new EventId(1003, "ServerConnectionAborted"),
            "A connection to {zerotrust.workload} at {server.address} was cut, since the server is refused now: {error.type}. {zerotrust.detail} Leaf {zerotrust.leaf_sha256}.");

    private static readonly Action<ILogger, long, string, Exception?> ServerRefusalsSuppressedMessage = LoggerMessage.Define<long, string>(
        LogLevel.Warning,
        new EventId(1004, "ServerRefusalsSuppressed"),
        "{zerotrust.suppressed} more refusals of {zerotrust.workload} as a server were not logged.");

    private static readonly Action<ILogger, string, Exception?> ServerConnectionsReplacedMessage = LoggerMessage.Define<string>(
        LogLevel.Information,
        new EventId(1005, "ServerConnectionsReplaced"),
        "Credential or trust changed: requests to {zerotrust.workload} use new connections from now on.");

    private static readonly Action<ILogger, string, Exception?> ServerWatchFailedMessage = LoggerMessage.Define<string>(
        LogLevel.Error, new EventId(1006, "ServerWatchFailed"), "The connections to {zerotrust.workload} could not be judged again.");

    private static readonly Action<ILogger, string, string, Exception?> CallRepeatedMessage = LoggerMessage.Define<string, string>(
        LogLevel.Information,
        new EventId(1022, "CallRepeated"),
        "A call to {zerotrust.workload} was sent once more, since its connection ended before any answer: {zerotrust.cause}.");

    private static readonly Action<ILogger, string, string, string, string, Exception?> ServerUnansweredMessage =
        LoggerMessage.Define<string, string, string, string>(
            LogLevel.Warning,
            new EventId(1023, "ServerUnanswered"),
            "The server {zerotrust.workload} at {server.address} is proved and did not serve this connection: {error.type}. {zerotrust.detail}");

    private static readonly Action<ILogger, string, DateTimeOffset, Exception?> CredentialExpiredMessage = LoggerMessage.Define<string, DateTimeOffset>(
        LogLevel.Error, new EventId(1013, "CredentialExpired"), "The own certificate of {zerotrust.workload} expired at {zerotrust.not_after}; peers refuse it.");

    private static readonly Action<ILogger, string, DateTimeOffset, Exception?> CredentialEndingMessage = LoggerMessage.Define<string, DateTimeOffset>(
        LogLevel.Warning, new EventId(1014, "CredentialEnding"), "The own certificate of {zerotrust.workload} ends at {zerotrust.not_after} and was not renewed.");

    private static readonly Action<ILogger, string, DateTimeOffset, DateTimeOffset, Exception?> CredentialNotYetValidMessage =
        LoggerMessage.Define<string, DateTimeOffset, DateTimeOffset>(
            LogLevel.Error,
            new EventId(1017, "CredentialNotYetValid"),
            "The own certificate of {zerotrust.workload} begins at {zerotrust.not_before}, and the clock of this host is at {zerotrust.now}; peers refuse it.");

    private static readonly Action<ILogger, string, string, Exception?> CrlOverdueMessage = LoggerMessage.Define<string, string>(
        LogLevel.Warning, new EventId(1015, "CrlOverdue"), "The CRL {zerotrust.crl} of {zerotrust.trust_domain} is overdue; peers whose status no other tells are refused.");

    private static readonly Action<ILogger, string, string, Exception?> CrlDoubtedMessage = LoggerMessage.Define<string, string>(
        LogLevel.Warning, new EventId(1028, "CrlDoubted"), "The CRLs of {zerotrust.trust_domain} are not used as they are published: {zerotrust.detail}.");

    private static readonly Action<ILogger, string, string, Exception?> IssuerWithoutCrlMessage = LoggerMessage.Define<string, string>(
        LogLevel.Warning,
        new EventId(1029, "IssuerWithoutCrl"),
        "No CRL of {zerotrust.trust_domain} that can be used tells of the certificates of {zerotrust.issuer}; peers with one of them are refused.");

    public static void ServerAccepted(ILogger logger, VerifiedPeer server, string address) =>
        ServerAcceptedMessage(logger, server.ToString(), address, null);

    public static void ServerRefused(ILogger logger, string address, WorkloadId expected, Rejection rejection, string? leafSha256) =>
        ServerRefusedMessage(logger, address, rejection.Code, rejection.Detail, expected.ToString(), rejection.Presented, leafSha256, null);

    public static void ServerConnectionAborted(ILogger logger, VerifiedPeer server, string address, Rejection rejection) =>
        ServerConnectionAbortedMessage(logger, server.ToString(), address, rejection.Code, rejection.Detail, server.LeafSha256, null);

    public static void ServerRefusalsSuppressed(ILogger logger, long suppressed, string server) =>
        ServerRefusalsSuppressedMessage(logger, suppressed, server, null);

    public static void ServerConnectionsReplaced(ILogger logger, WorkloadId server) =>
        ServerConnectionsReplacedMessage(logger, server.ToString(), null);

    public static void ServerWatchFailed(ILogger logger, WorkloadId server, Exception exception) =>
        ServerWatchFailedMessage(logger, server.ToString(), exception);

    public static void CallRepeated(ILogger logger, WorkloadId server, string cause) =>
        CallRepeatedMessage(logger, server.ToString(), cause, null);

    public static void ServerUnanswered(ILogger logger, WorkloadId server, string address, Rejection rejection) =>
        ServerUnansweredMessage(logger, server.ToString(), address, rejection.Code, rejection.Detail, null);

    public static void CredentialExpired(ILogger logger, PeerCredential credential) =>
        CredentialExpiredMessage(logger, credential.Workload.ToString(), credential.NotAfter, null);

    public static void CredentialEnding(ILogger logger, PeerCredential credential) =>
        CredentialEndingMessage(logger, credential.Workload.ToString(), credential.NotAfter, null);

    public static void CredentialNotYetValid(ILogger logger, PeerCredential credential, DateTimeOffset now) =>
        CredentialNotYetValidMessage(logger, credential.Workload.ToString(), credential.NotBefore, now, null);

    public static void CrlOverdue(ILogger logger, TrustDomain trustDomain, CertificateRevocationList crl) =>
        CrlOverdueMessage(logger, LogText.Detail(crl.ToString()), trustDomain.ToString(), null);

    public static void CrlDoubted(ILogger logger, TrustDomain trustDomain, string detail) =>
        CrlDoubtedMessage(logger, trustDomain.ToString(), LogText.Detail(detail), null);

    public static void IssuerWithoutCrl(ILogger logger, TrustDomain trustDomain, string issuer) =>
        IssuerWithoutCrlMessage(logger, trustDomain.ToString(), LogText.Detail(issuer), null);

    [LoggerMessage(EventId = 1010, EventName = "SourceReloaded", Level = LogLevel.Information,
        Message = "The {source} was loaded from changed files.")]
    public static partial void SourceReloaded(ILogger logger, string source);

    [LoggerMessage(EventId = 1011, EventName = "SourceReloadFailed", Level = LogLevel.Warning,
        Message = "The {source} cannot be loaded; the last good one stays in use and the files are tried again: {detail}")]
    public static partial void SourceReloadFailed(ILogger logger, string source, string detail);

    [LoggerMessage(EventId = 1018, EventName = "SourceShrank", Level = LogLevel.Warning,
        Message = "The {source} was loaded from changed files and holds less than before: {detail}")]
    public static partial void SourceShrank(ILogger logger, string source, string detail);

    [LoggerMessage(EventId = 1019, EventName = "SourceDoubted", Level = LogLevel.Warning,
        Message = "The {source} is not taken as its files are: {detail}")]
    public static partial void SourceDoubted(ILogger logger, string source, string detail);

    [LoggerMessage(EventId = 1020, EventName = "CertificateNotSent", Level = LogLevel.Warning,
        Message = "Of the certificates of the credential one is not sent, as the platform builds one chain alone: {Certificate}. Peers that need it refuse; "
            + "give each root a credential file of its own")]
    public static partial void CertificateNotSent(ILogger logger, string certificate);

    [LoggerMessage(EventId = 1021, EventName = "PartnerServerTrusted", Level = LogLevel.Warning,
        Message = "The server {Server} is a partner's and judged apart from all trust domains: it is {Terms}")]
    public static partial void PartnerServerTrusted(ILogger logger, string server, string terms);

    // 1012 is retired.
    [LoggerMessage(EventId = 1016, EventName = "CheckWeakened", Level = LogLevel.Warning,
        Message = "Code has weakened a check, {weakening}, for this reason: {reason}")]
    public static partial void CheckWeakened(ILogger logger, string weakening, string reason);

    [LoggerMessage(EventId = 1030, EventName = "ChangeListenerFailed", Level = LogLevel.Error,
        Message = "A listener for changes of the {Source} failed; the change holds, and the other listeners are notified")]
    public static partial void ChangeListenerFailed(ILogger logger, string source, Exception exception);

    [LoggerMessage(EventId = 1031, EventName = "SourceLookFailed", Level = LogLevel.Error,
        Message = "Looking at the {Source} failed; it is looked at again")]
    public static partial void LookFailed(ILogger logger, string source, Exception exception);

    [LoggerMessage(EventId = 1032, EventName = "SourceStale", Level = LogLevel.Error,
        Message = "The {Source} was not looked at in time; calls that rest on it are refused: {Refused}")]
    public static partial void SourceStale(ILogger logger, string source, bool refused);

    [LoggerMessage(EventId = 1033, EventName = "ReadinessSignalFailed", Level = LogLevel.Error,
        Message = "A readiness signal failed when the state of {Dependency} was reported; it is reported again")]
    public static partial void ReadinessSignalFailed(ILogger logger, string dependency, Exception exception);
}
