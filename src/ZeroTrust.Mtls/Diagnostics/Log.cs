using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

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

    public static void ServerAccepted(ILogger logger, VerifiedPeer server, string address) =>
        ServerAcceptedMessage(logger, server.ToString(), address, null);

    public static void ServerRefused(ILogger logger, string address, Rejection rejection, string? leafSha256) =>
        ServerRefusedMessage(logger, address, rejection.Code, rejection.Detail, rejection.Expected, rejection.Presented, leafSha256, null);

    public static void CredentialExpired(ILogger logger, PeerCredential credential) =>
        CredentialExpiredMessage(logger, credential.Workload.ToString(), credential.NotAfter, null);

    [LoggerMessage(EventId = 1010, EventName = "SourceReloaded", Level = LogLevel.Information,
        Message = "The {source} was loaded from changed files.")]
    public static partial void SourceReloaded(ILogger logger, string source);

    [LoggerMessage(EventId = 1011, EventName = "SourceReloadFailed", Level = LogLevel.Warning,
        Message = "The {source} cannot be loaded; the last good one stays in use and the files are tried again: {detail}")]
    public static partial void SourceReloadFailed(ILogger logger, string source, string detail);

    [LoggerMessage(EventId = 1012, EventName = "KeyFileExposed", Level = LogLevel.Warning,
        Message = "The private key file {file} is open to more than its owner ({mode}); restrict it to the service's user.")]
    public static partial void KeyFileExposed(ILogger logger, string file, UnixFileMode mode);
}
