using Microsoft.Extensions.Logging;

namespace ZeroTrust.EntityFrameworkCore.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(EventId = 5500, EventName = "DatabaseContextConfined", Level = LogLevel.Information,
        Message = "Database context {Context} is confined to the tenant of the call; {Count} entity types have one.")]
    internal static partial void ContextConfined(ILogger logger, string context, int count);

    [LoggerMessage(EventId = 5501, EventName = "TenancyCheckWeakened", Level = LogLevel.Warning, Message = "Code has weakened a check, {Weakening}, for this reason: {Reason}")]
    internal static partial void CheckWeakened(ILogger logger, string weakening, string reason);
}
