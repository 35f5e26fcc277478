using Microsoft.Extensions.Logging;

namespace ZeroTrust.HealthChecks.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(EventId = 4000, EventName = "ServingChanged", Level = LogLevel.Information, Message = "Serving is now {Serving} (state {Version})")]
    public static partial void ServingChanged(ILogger logger, bool serving, long version);

    [LoggerMessage(EventId = 4001, EventName = "DependencyReady", Level = LogLevel.Information, Message = "Dependency {Dependency} is ready")]
    public static partial void DependencyReady(ILogger logger, string dependency);

    [LoggerMessage(EventId = 4002, EventName = "DependencyNotReady", Level = LogLevel.Warning, Message = "Dependency {Dependency} is not ready: {Reason} (critical: {Critical})")]
    public static partial void DependencyNotReady(ILogger logger, string dependency, string? reason, bool critical);

    [LoggerMessage(EventId = 4003, EventName = "CheckFailed", Level = LogLevel.Debug, Message = "Health check {Dependency} failed: {Error}")]
    public static partial void CheckFailed(ILogger logger, string dependency, string error, Exception? exception);

    [LoggerMessage(EventId = 4004, EventName = "CheckTimedOut", Level = LogLevel.Warning, Message = "Health check {Dependency} did not end within {Timeout}; it is not run again until it does")]
    public static partial void CheckTimedOut(ILogger logger, string dependency, TimeSpan timeout);

    [LoggerMessage(EventId = 4005, EventName = "DrainStarted", Level = LogLevel.Information, Message = "Draining: probes are told NOT_SERVING, calls are served for another {Delay}")]
    public static partial void DrainStarted(ILogger logger, TimeSpan delay);

    [LoggerMessage(EventId = 4006, EventName = "DrainCompleted", Level = LogLevel.Information, Message = "Drained: the listeners close now")]
    public static partial void DrainCompleted(ILogger logger);

    [LoggerMessage(EventId = 4008, EventName = "WaitingForDependencies", Level = LogLevel.Information, Message = "Started but not ready; waiting for {Dependencies}")]
    public static partial void WaitingForDependencies(ILogger logger, string dependencies);

    [LoggerMessage(EventId = 4009, EventName = "DependencyDegraded", Level = LogLevel.Warning, Message = "Dependency {Dependency} is used but needs attention: {Reason}")]
    public static partial void DependencyDegraded(ILogger logger, string dependency, string? reason);

    [LoggerMessage(EventId = 4010, EventName = "DrainTimedOut", Level = LogLevel.Warning, Message = "Calls still ran {Timeout} after the listeners began to close; streams were told, then {Connections} connections were closed")]
    public static partial void DrainTimedOut(ILogger logger, TimeSpan timeout, int connections);

    [LoggerMessage(EventId = 4011, EventName = "DiagnosticsOpen", Level = LogLevel.Information, Message = "Outside Development this would stop the host: {Finding}; {Remedy}")]
    public static partial void DiagnosticsOpen(ILogger logger, string finding, string remedy);

    [LoggerMessage(EventId = 4012, EventName = "LateDiagnosticsOpen", Level = LogLevel.Error, Message = "Added after the start: {Finding}; {Remedy}")]
    public static partial void LateDiagnosticsOpen(ILogger logger, string finding, string remedy);

    [LoggerMessage(EventId = 4013, EventName = "HealthCheckWeakened", Level = LogLevel.Warning, Message = "Code has weakened a check, {Weakening}, for this reason: {Reason}")]
    public static partial void CheckWeakened(ILogger logger, string weakening, string reason);
}
