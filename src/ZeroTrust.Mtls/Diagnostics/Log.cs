using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
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

    private static readonly Action<ILogger, string, DateTimeOffset, Exception?> CredentialExpiredMessage = LoggerMessage.Define<string, DateTimeOffset>(
        LogLevel.Error, new EventId(1013, "CredentialExpired"), "The own certificate of {zerotrust.workload} expired at {zerotrust.not_after}; peers refuse it.");

    private static readonly Action<ILogger, string, DateTimeOffset, Exception?> CredentialEndingMessage = LoggerMessage.Define<string, DateTimeOffset>(
        LogLevel.Warning, new EventId(1014, "CredentialEnding"), "The own certificate of {zerotrust.workload} ends at {zerotrust.not_after} and was not renewed.");

    private static readonly Action<ILogger, string, string, Exception?> CrlOverdueMessage = LoggerMessage.Define<string, string>(
        LogLevel.Warning, new EventId(1015, "CrlOverdue"), "The CRL {zerotrust.crl} of {zerotrust.trust_domain} is overdue; peers whose status no other tells are refused.");

    public static void ServerAccepted(ILogger logger, VerifiedPeer server, string address) =>
        ServerAcceptedMessage(logger, server.ToString(), address, null);

    public static void ServerRefused(ILogger logger, string address, Rejection rejection, string? leafSha256) =>
        ServerRefusedMessage(logger, address, rejection.Code, rejection.Detail, rejection.Expected, rejection.Presented, leafSha256, null);

    public static void CredentialExpired(ILogger logger, PeerCredential credential) =>
        CredentialExpiredMessage(logger, credential.Workload.ToString(), credential.NotAfter, null);

    public static void CredentialEnding(ILogger logger, PeerCredential credential) =>
        CredentialEndingMessage(logger, credential.Workload.ToString(), credential.NotAfter, null);

    public static void CrlOverdue(ILogger logger, TrustDomain trustDomain, CertificateRevocationList crl) =>
        CrlOverdueMessage(logger, crl.ToString(), trustDomain.ToString(), null);

    [LoggerMessage(EventId = 1010, EventName = "SourceReloaded", Level = LogLevel.Information,
        Message = "The {source} was loaded from changed files.")]
    public static partial void SourceReloaded(ILogger logger, string source);

    [LoggerMessage(EventId = 1011, EventName = "SourceReloadFailed", Level = LogLevel.Warning,
        Message = "The {source} cannot be loaded; the last good one stays in use and the files are tried again: {detail}")]
    public static partial void SourceReloadFailed(ILogger logger, string source, string detail);

    // 1012 is retired.
    [LoggerMessage(EventId = 1016, EventName = "CheckWeakened", Level = LogLevel.Warning,
        Message = "Code has weakened a check, {weakening}, for this reason: {reason}")]
    public static partial void CheckWeakened(ILogger logger, string weakening, string reason);
}
