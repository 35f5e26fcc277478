using Microsoft.Extensions.Logging;

namespace ZeroTrust.Redaction.Diagnostics;

internal static partial class Log
{
    public const string Category = "ZeroTrust.Redaction";

    [LoggerMessage(EventId = 5000, EventName = "RedactionReloaded", Level = LogLevel.Information, Message = "The rules of redaction were loaded from changed configuration")]
    public static partial void RedactionReloaded(ILogger logger);

    [LoggerMessage(EventId = 5001, EventName = "RedactionReloadFailed", Level = LogLevel.Warning, Message = "The rules of redaction cannot be loaded from changed configuration; the last good ones stay in use: {Detail}")]
    public static partial void RedactionReloadFailed(ILogger logger, string detail);

    [LoggerMessage(EventId = 5200, EventName = "DetectorSwitchedOff", Level = LogLevel.Warning, Message = "The configuration has switched off a detector, {Detector}; what it would find leaves")]
    public static partial void DetectorSwitchedOff(ILogger logger, string detector);
}
