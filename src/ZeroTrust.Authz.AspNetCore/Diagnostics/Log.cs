using Microsoft.Extensions.Logging;

namespace ZeroTrust.Authz.AspNetCore.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(EventId = 3100, EventName = "ContextHeaderStripped", Level = LogLevel.Warning,
        Message = "Removed the inbound headers {Headers} on listener {Listener}, peer {Peer}.")]
    public static partial void ContextHeaderStripped(ILogger logger, string headers, string? listener, string? peer);

    [LoggerMessage(EventId = 3101, EventName = "LateEndpointUndecided", Level = LogLevel.Error,
        Message = "The endpoint {Endpoint}, added after the start, is refused: it {Fault}.")]
    public static partial void LateEndpointUndecided(ILogger logger, string? endpoint, string fault);

    [LoggerMessage(EventId = 3102, EventName = "WouldRefuse", Level = LogLevel.Warning,
        Message = "Served only because refusals are reported until {Until}: {Endpoint}, peer {Peer}, {ErrorType}. {Detail}")]
    public static partial void WouldRefuse(ILogger logger, string? endpoint, string? peer, string errorType, string detail, DateTimeOffset until);

    [LoggerMessage(EventId = 3103, EventName = "EndpointCheckWeakened", Level = LogLevel.Warning,
        Message = "Code has weakened a check, {Weakening}, for this reason: {Reason}")]
    public static partial void EndpointCheckWeakened(ILogger logger, string weakening, string reason);

    [LoggerMessage(EventId = 3110, EventName = "ContextHeadersSuppressed", Level = LogLevel.Warning,
        Message = "Listener {Listener} removed context headers from {Suppressed} more calls of {Caller}, which were not logged.")]
    public static partial void ContextHeadersSuppressed(ILogger logger, string? listener, long suppressed, string caller);

    [LoggerMessage(EventId = 3111, EventName = "WouldRefuseSuppressed", Level = LogLevel.Warning,
        Message =
            "Listener {Listener} served {Suppressed} more calls of {Caller} only because refusals are reported, which were not logged.")]
    public static partial void WouldRefuseSuppressed(ILogger logger, string? listener, long suppressed, string caller);
}
