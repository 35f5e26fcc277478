using Microsoft.Extensions.Logging;

namespace ZeroTrust.Testing;

/// <summary>Writes log records with a canary on every surface that OTLP writes.</summary>
internal sealed partial class LogCanaries(CanarySet canaries, ILoggerFactory factory)
{
    public const string Signal = "logs";

    public void Emit()
    {
        var logger = factory.CreateLogger(RedactionAssert.SourceName);
        using (logger.BeginScope("for {Customer} with {Password}", Canary("scope attribute"), canaries.Token(Signal, "scope attribute named password")))
        using (logger.BeginScope(new Dictionary<string, object?>(StringComparer.Ordinal) { ["note"] = Canary("scope dictionary"), [Canary("scope attribute key")] = 1 }))
        using (logger.BeginScope(Canary("scope text")))
        {
            Value(logger, Canary("attribute"));
            Secret(logger, canaries.Token(Signal, "attribute named password"));
            Failed(logger, new InvalidOperationException(Canary("exception message"), new NotSupportedException(Canary("inner exception"))));
        }

        Innocent(logger, canaries.Innocent(Signal));
        Write(logger, default, Canary("body"));
        Write(logger, new EventId(1, Canary("event name")), "canary");
        Write(factory.CreateLogger(RedactionAssert.SourceName + Canary("category")), default, "canary");
    }

    // Error, so that no ordinary filter keeps the canaries back.
    [LoggerMessage(1, LogLevel.Error, "mail to {Value}")]
    private static partial void Value(ILogger logger, string value);

    [LoggerMessage(2, LogLevel.Error, "logged in with {Password}")]
    private static partial void Secret(ILogger logger, string password);

    [LoggerMessage(3, LogLevel.Error, "failed")]
    private static partial void Failed(ILogger logger, Exception exception);

    private static void Innocent(ILogger logger, string text) => Write(logger, default, text);

    private static void Write(ILogger logger, EventId id, string text) => logger.Log(LogLevel.Error, id, text, null, static (state, _) => state);

    private string Canary(string surface) => canaries.Address(Signal, surface);
}
