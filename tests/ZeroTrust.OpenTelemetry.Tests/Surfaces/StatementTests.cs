using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace ZeroTrust.OpenTelemetry.Tests.Surfaces;

/// <summary>The database that a record names tells the language of its statement.</summary>
public sealed class StatementTests
{
    private const string Statement = "SELECT a FROM t WHERE a = \"kim\"";
    private const string WithoutLiteral = "SELECT a FROM t WHERE a = ?";

    [Theory]
    [InlineData("db.system.name", "mysql", "db.query.text", Statement, WithoutLiteral)]
    [InlineData("db.system.name", "postgresql", "db.query.text", Statement, Statement)]
    [InlineData("db.system", "postgresql", "db.statement", Statement, Statement)]
    [InlineData("db.system", "redis", "db.statement", "SET kim = 'x'", "SET kim ?")]
    [InlineData("db.name", "postgresql", "db.statement", Statement, WithoutLiteral)]
    [InlineData("db.system.name", "ldap", "db.query.text", "kim", "?")]
    public void Span_leaves_with_its_statement_in_the_language_of_its_database(string key, string system, string statementKey, string statement, string expected)
    {
        var name = $"statements.{ActivitySpanId.CreateRandom()}";
        using var recorder = new Recorder<Activity>(span => span.GetTagItem(statementKey));
        using var host = Build(services => services.AddOpenTelemetry().WithTracing(
            tracing => tracing.AddSource(name).AddProcessor(new SimpleActivityExportProcessor(recorder))));
        _ = host.Services.GetRequiredService<TracerProvider>();

        using var source = new ActivitySource(name);
        source.StartActivity("first")!.SetTag(key, system).SetTag(statementKey, statement).Stop();
        source.StartActivity("last")!.SetTag(statementKey, statement).SetTag(key, system).Stop();

        Assert.Equal([expected, expected], recorder.Seen);
    }

    [Theory]
    [InlineData("mysql", WithoutLiteral)]
    [InlineData("postgresql", Statement)]
    public void Log_leaves_with_its_statement_in_the_language_of_its_database(string system, string expected)
    {
        using var recorder = new Recorder<LogRecord>(static record => record.Attributes!.Single(static tag => tag.Key == "db.query.text").Value);
        using var host = Build(services => services.AddOpenTelemetry().WithLogging(
            logging => logging.AddProcessor(new SimpleLogRecordExportProcessor(recorder))));

        KeyValuePair<string, object?>[] state = [new("db.query.text", Statement), new("db.system.name", system)];
        host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("a").Log(LogLevel.Information, 1, state, null, static (_, _) => "x");

        Assert.Equal([expected], recorder.Seen);
    }

    private static IHost Build(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        configure(builder.Services);
        builder.Services.AddZeroTrust().AddRedaction();
        return builder.Build();
    }
}
