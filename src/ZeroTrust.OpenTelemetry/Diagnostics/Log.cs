using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace ZeroTrust.OpenTelemetry.Diagnostics;

[SuppressMessage("Naming", "CA1727", Justification = "The placeholders are attribute names, which the built-in rules keep in every mode.")]
internal static partial class Log
{
    [LoggerMessage(EventId = 5005, EventName = "ExportReloaded", Level = LogLevel.Information, Message = "What leaves beside redacted values was loaded from changed configuration")]
    public static partial void ExportReloaded(ILogger logger);

    [LoggerMessage(EventId = 5006, EventName = "ExportReloadFailed", Level = LogLevel.Warning, Message = "What leaves beside redacted values cannot be loaded from changed configuration; the last good state stays in use: {Detail}")]
    public static partial void ExportReloadFailed(ILogger logger, string detail);

    // By hand, since the generator cannot name attributes with dots.
    private static readonly Action<ILogger, string, string, Exception?> ExportStoppedMessage = LoggerMessage.Define<string, string>(
        LogLevel.Error, new EventId(5002, "ExportStopped"), "A provider exports no {zerotrust.signal}: {zerotrust.detail}");

    private static readonly Action<ILogger, string, string, string, Exception?> MetricDroppedMessage = LoggerMessage.Define<string, string, string>(
        LogLevel.Warning, new EventId(5003, "MetricDropped"), "The metric {zerotrust.instrument} of meter {zerotrust.meter} is not exported: its {zerotrust.surface} is not clean.");

    private static readonly Action<ILogger, string, string, string, string, Exception?> RedactedMessage = LoggerMessage.Define<string, string, string, string>(
        LogLevel.Debug, new EventId(5004, "Redacted"), "Redacted {zerotrust.signal} {zerotrust.surface} {zerotrust.key}, by its {zerotrust.rule}.");

    public static void ExportStopped(ILogger logger, string signal, string detail) => ExportStoppedMessage(logger, signal, detail, null);

    public static void MetricDropped(ILogger logger, string instrument, string meter, string surface) => MetricDroppedMessage(logger, instrument, meter, surface, null);

    public static void Redacted(ILogger logger, string signal, string surface, string key, string rule) => RedactedMessage(logger, signal, surface, key, rule, null);
}
