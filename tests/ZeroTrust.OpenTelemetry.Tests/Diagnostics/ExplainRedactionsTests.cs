using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;
using ZeroTrust.OpenTelemetry.Diagnostics;

namespace ZeroTrust.OpenTelemetry.Tests.Diagnostics;

public sealed class ExplainRedactionsTests
{
    private const string Mail = "a@canary.example";

    [Fact]
    public void In_development_key_and_rule_are_told_and_never_the_value()
    {
        using var source = new ActivitySource($"explain.{ActivitySpanId.CreateRandom()}");
        var lines = new Lines();
        using var host = Build("Development", explain: true, lines, source.Name);
        _ = host.Services.GetRequiredService<TracerProvider>();

        using (var span = source.StartActivity("a"))
        {
            span!.SetTag("password", "hunter2").SetTag("customer", "mail " + Mail).SetTag("note." + Mail, 1).SetTag("plain", "x");
            span.AddEvent(new ActivityEvent("sent to " + Mail));
        }

        Assert.Equal(
            """
            Redacted span attribute password, by its key.
            Redacted span attribute customer, by its detector.
            Redacted span attribute [email], by its name.
            Redacted span event name (text), by its detector.
            """,
            lines.Of(RedactionReport.Category));
    }

    [Fact]
    public void Note_about_a_log_makes_no_further_note()
    {
        var lines = new Lines();
        using var host = Build("Development", explain: true, lines, "none");

        host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("orders").LogInformation("login of {User}", Mail);

        Assert.Equal("Redacted log attribute User, by its detector.", lines.Of(RedactionReport.Category));
    }

    [Fact]
    public void Without_the_option_nothing_is_told()
    {
        var lines = new Lines();
        using var host = Build("Development", explain: false, lines, "none");

        host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("orders").LogInformation("login of {User}", Mail);

        Assert.Empty(lines.Of(RedactionReport.Category));
    }

    [Fact]
    public void Outside_development_the_option_is_refused()
    {
        using var host = Build("Production", explain: true, new Lines(), "none");

        var error = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IOptions<TelemetryExportOptions>>().Value);

        Assert.Contains("ZeroTrust:OpenTelemetry:ExplainRedactions: ", error.Message, StringComparison.Ordinal);
    }

    private static IHost Build(string environment, bool explain, Lines lines, string source)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(source)).WithLogging();
        builder.Services.AddZeroTrust().AddRedaction(export: options => options.ExplainRedactions = explain);
        builder.Logging.AddProvider(lines).SetMinimumLevel(LogLevel.Debug);
        return builder.Build();
    }

    private sealed class Lines : ILoggerProvider
    {
        private readonly List<(string Category, string Text)> _lines = [];

        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _lines);

        public string Of(string category) => string.Join('\n', _lines.Where(line => line.Category == category).Select(static line => line.Text));

        public void Dispose()
        {
        }

        private sealed class Logger(string category, List<(string Category, string Text)> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Add((category, formatter(state, exception)));
        }
    }
}
