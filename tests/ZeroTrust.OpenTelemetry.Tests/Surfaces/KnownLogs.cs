using Microsoft.Extensions.Logging;

namespace ZeroTrust.OpenTelemetry.Tests.Surfaces;

/// <summary>Writes log records that carry a canary on every surface OTLP writes, and an audit record that must be left alone.</summary>
internal static partial class KnownLogs
{
    public static readonly string[] MustNotLeave =
    [
        "log-value", "log-key-rule", "log-text", "log-state", "log-exception", "log-inner", "scope-template", "scope-rule", "scope-text", "scope-tag",
        "scope-object", "log-category", "log-event",
    ];

    public static readonly string[] MustSurvive =
    [
        "Refused {Code} from {Workload}", "authz.permission_missing", "spiffe://example.test/orders", "shown order 42", "CallRefused",
        "scope plain", "System.InvalidOperationException",
    ];

    public static void Emit(ILoggerFactory factory)
    {
        var logger = factory.CreateLogger("log-category@canary.example");
        using var template = logger.BeginScope("for {Customer} with {Password}", "scope-template@canary.example", "scope-rule");
        using var text = logger.BeginScope("scope-text@canary.example");
        using var tags = logger.BeginScope(new Dictionary<string, object?>(StringComparer.Ordinal) { ["note"] = "scope-tag@canary.example", ["plain"] = "scope plain" });
        using var other = logger.BeginScope(new Note("scope-object@canary.example"));
        Value(logger, "log-value@canary.example");
        Secret(logger, "log-key-rule");
        Order(logger, 42);
        Refused(logger, "authz.permission_missing", "spiffe://example.test/orders");
        Failed(logger, new InvalidOperationException("log-exception@canary.example", new NotSupportedException("log-inner@canary.example")));
        logger.Log(LogLevel.Information, new EventId(9, "log-event@canary.example"), "log-text@canary.example", null, static (state, _) => state);
        logger.Log(LogLevel.Information, default, new Note("log-state@canary.example"), null, static (state, _) => state.ToString());
    }

    [LoggerMessage(1, LogLevel.Information, "mail to {Value}")]
    private static partial void Value(ILogger logger, string value);

    [LoggerMessage(2, LogLevel.Information, "logged in with {Password}")]
    private static partial void Secret(ILogger logger, string password);

    [LoggerMessage(3, LogLevel.Information, "shown order {Order}")]
    private static partial void Order(ILogger logger, int order);

    [LoggerMessage(4, LogLevel.Warning, "Refused {Code} from {Workload}", EventName = "CallRefused")]
    private static partial void Refused(ILogger logger, string code, string workload);

    [LoggerMessage(5, LogLevel.Error, "failed")]
    private static partial void Failed(ILogger logger, Exception exception);

    private sealed class Note(string text)
    {
        public override string ToString() => text;
    }
}
