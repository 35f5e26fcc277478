using Microsoft.Extensions.Logging;

namespace ZeroTrust.Oidc.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(EventId = 3500, EventName = "IssuerKeysLoaded", Level = LogLevel.Information,
        Message = "Issuer {Issuer} publishes {KeyCount} usable signature keys.")]
    public static partial void IssuerKeysLoaded(this ILogger logger, string issuer, int keyCount);

    [LoggerMessage(EventId = 3501, EventName = "IssuerKeysFetchFailed", Level = LogLevel.Warning,
        Message = "The keys of issuer {Issuer} could not be fetched ({Code}: {Detail}); the next attempt waits {Delay}. Keys held: {HasKeys}.")]
    public static partial void IssuerKeysFetchFailed(
        this ILogger logger, string issuer, string code, string detail, TimeSpan delay, bool hasKeys);

    [LoggerMessage(EventId = 3502, EventName = "AccessTokenVerificationFailed", Level = LogLevel.Error,
        Message = "Verifying an access token ended with an exception; the call is refused.")]
    public static partial void AccessTokenVerificationFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3530, EventName = "IssuerKeyListenerFailed", Level = LogLevel.Error,
        Message = "A listener for changes of the {Source} failed; the change holds, and the other listeners are notified")]
    public static partial void IssuerKeyListenerFailed(this ILogger logger, string source, Exception exception);

    [LoggerMessage(EventId = 3531, EventName = "IssuerKeyRefreshFailed", Level = LogLevel.Error,
        Message = "Refreshing the {Source} failed; it is refreshed again")]
    public static partial void IssuerKeyRefreshFailed(this ILogger logger, string source, Exception exception);

    [LoggerMessage(EventId = 3532, EventName = "OidcReadinessSignalFailed", Level = LogLevel.Error,
        Message = "A readiness signal failed when the state of {Dependency} was reported; it is reported again")]
    public static partial void ReadinessSignalFailed(this ILogger logger, string dependency, Exception exception);
}
