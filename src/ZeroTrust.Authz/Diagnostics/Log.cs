using Microsoft.Extensions.Logging;

namespace ZeroTrust.Authz.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(EventId = 3000, EventName = "ContextMinted", Level = LogLevel.Debug, Message = "Minted context {TransactionId}, valid until {ExpiresAt}.")]
    internal static partial void ContextMinted(ILogger logger, string transactionId, DateTimeOffset expiresAt);

    [LoggerMessage(EventId = 3001, EventName = "MintRefused", Level = LogLevel.Warning, Message = "No context was minted: {ErrorType}. {Detail}")]
    internal static partial void MintRefused(ILogger logger, string errorType, string detail);

    [LoggerMessage(EventId = 3002, EventName = "SystemContextCreated", Level = LogLevel.Information,
        Message = "This workload acts for itself in context {TransactionId}, tenant {Tenant}, permissions {Permissions}: {Reason}")]
    internal static partial void SystemContextCreated(ILogger logger, string transactionId, TenantId tenant, PermissionSet permissions, string reason);

    [LoggerMessage(EventId = 3003, EventName = "AuthzCheckWeakened", Level = LogLevel.Warning, Message = "Code has weakened a check, {Weakening}, for this reason: {Reason}")]
    internal static partial void CheckWeakened(ILogger logger, string weakening, string reason);

    [LoggerMessage(EventId = 3004, EventName = "TokenServiceKeysLoaded", Level = LogLevel.Information, Message = "Token service {Issuer} has {Count} keys.")]
    internal static partial void TokenServiceKeysLoaded(ILogger logger, string issuer, int count);

    [LoggerMessage(EventId = 3005, EventName = "TokenServiceKeysUnreadable", Level = LogLevel.Warning,
        Message = "The keys of token service {Issuer} cannot be loaded from {File}; {InUse}. {Detail}")]
    internal static partial void TokenServiceKeysUnreadable(ILogger logger, string issuer, string file, string inUse, string detail);

    [LoggerMessage(EventId = 3006, EventName = "TokenServiceKeyIgnored", Level = LogLevel.Warning, Message = "A key of token service {Issuer} is left out: {ErrorType}. {Detail}")]
    internal static partial void TokenServiceKeyIgnored(ILogger logger, string issuer, string errorType, string detail);

    [LoggerMessage(EventId = 3009, EventName = "TokenServiceKeysShrank", Level = LogLevel.Warning,
        Message = "Token service {Issuer} has fewer keys than before: {Detail}")]
    public static partial void TokenServiceKeysShrank(ILogger logger, string issuer, string detail);

    [LoggerMessage(EventId = 3030, EventName = "TokenServiceKeyListenerFailed", Level = LogLevel.Error,
        Message = "A listener for changes of the {Source} failed; the change holds, and the other listeners are notified")]
    internal static partial void KeyListenerFailed(ILogger logger, string source, Exception exception);

    [LoggerMessage(EventId = 3031, EventName = "TokenServiceKeyLookFailed", Level = LogLevel.Error,
        Message = "Looking at the {Source} failed; it is looked at again")]
    internal static partial void KeyLookFailed(ILogger logger, string source, Exception exception);

    [LoggerMessage(EventId = 3032, EventName = "TokenServiceKeysStale", Level = LogLevel.Error,
        Message = "The {Source} were not looked at in time; contexts that rest on them are refused: {Refused}")]
    internal static partial void KeysStale(ILogger logger, string source, bool refused);

    [LoggerMessage(EventId = 3033, EventName = "AuthzReadinessSignalFailed", Level = LogLevel.Error,
        Message = "A readiness signal failed when the state of {Dependency} was reported; it is reported again")]
    internal static partial void ReadinessSignalFailed(ILogger logger, string dependency, Exception exception);

    [LoggerMessage(EventId = 3007, EventName = "CrossTenantGranted", Level = LogLevel.Warning,
        Message = "Subject {Subject} of tenant {Tenant} may read across tenants until {ExpiresAt}, in context {TransactionId}: {Reason}")]
    internal static partial void CrossTenantGranted(ILogger logger, SubjectId subject, TenantId tenant, DateTimeOffset expiresAt, string transactionId, string reason);

    [LoggerMessage(EventId = 3008, EventName = "CrossTenantRefused", Level = LogLevel.Warning,
        Message = "Context {TransactionId} may not read across tenants: {ErrorType}. {Detail}")]
    internal static partial void CrossTenantRefused(ILogger logger, Exception? exception, string transactionId, string errorType, string detail);

    [LoggerMessage(EventId = 3050, EventName = "ContextNotSent", Level = LogLevel.Warning,
        Message = "Refused to hand the context to {Server}; nothing was sent: {ErrorType}. {Detail}")]
    internal static partial void ContextNotSent(ILogger logger, WorkloadId server, string errorType, string detail);
}
