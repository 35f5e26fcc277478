using Microsoft.Extensions.Logging;

namespace ZeroTrust.Mtls.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(EventId = 1001, EventName = "ServerAccepted", Level = LogLevel.Debug,
        Message = "The server {zerotrust_workload} at {server_address} is proved.")]
    public static partial void ServerAccepted(ILogger logger, string zerotrust_workload, string server_address);

    [LoggerMessage(EventId = 1002, EventName = "ServerRefused", Level = LogLevel.Warning,
        Message = "The server at {server_address} was refused: {error_type}: {detail} (expected {expected}, presented {presented}, leaf {zerotrust_leaf_sha256}).")]
    public static partial void ServerRefused(
        ILogger logger, string server_address, string error_type, string detail, string? expected, string? presented, string? zerotrust_leaf_sha256);

    [LoggerMessage(EventId = 1010, EventName = "SourceReloaded", Level = LogLevel.Information,
        Message = "The {source} was loaded from changed files.")]
    public static partial void SourceReloaded(ILogger logger, string source);

    [LoggerMessage(EventId = 1011, EventName = "SourceReloadFailed", Level = LogLevel.Warning,
        Message = "The {source} cannot be loaded; the last good one stays in use and the files are tried again: {detail}")]
    public static partial void SourceReloadFailed(ILogger logger, string source, string detail);

    [LoggerMessage(EventId = 1012, EventName = "KeyFileExposed", Level = LogLevel.Warning,
        Message = "The private key file {file} is open to more than its owner ({mode}); restrict it to the service's user.")]
    public static partial void KeyFileExposed(ILogger logger, string file, UnixFileMode mode);

    [LoggerMessage(EventId = 1013, EventName = "CredentialExpired", Level = LogLevel.Error,
        Message = "The own certificate of {zerotrust_workload} expired at {not_after}; peers refuse it.")]
    public static partial void CredentialExpired(ILogger logger, string zerotrust_workload, DateTimeOffset not_after);
}
