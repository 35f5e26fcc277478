using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace ZeroTrust.OpenTelemetry.Tests.Logging;

public class ScopeTests
{
    private const string Mail = "jo@example.com";

    [Fact]
    public void Scopes_that_are_read_while_scopes_are_read_are_all_seen_and_redacted()
    {
        List<string> outer = [];
        List<string> inner = [];
        Read(log => Each(log, scope =>
        {
            Each(log, inner.Add);
            outer.Add(scope);
        }));

        Assert.Equal(["first [email]", "second"], outer);
        Assert.Equal(["first [email]", "second", "first [email]", "second"], inner);
    }

    [Fact]
    public void Reader_that_throws_leaves_no_scopes_to_the_next_one()
    {
        List<string> seen = [];
        Read(log =>
        {
            Assert.Throws<InvalidOperationException>(() => Each(log, static _ => throw new InvalidOperationException("broken")));
            Each(log, seen.Add);
        });

        Assert.Equal(["first [email]", "second"], seen);
    }

    private static void Each(LogRecord log, Action<string> see) =>
        log.ForEachScope(static (scope, call) => call(scope.Scope?.ToString() ?? ""), see);

    private static void Read(Action<LogRecord> read)
    {
        using var recorder = new Recorder<LogRecord>(log =>
        {
            read(log);
            return null;
        });
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddOpenTelemetry()
            .WithLogging(logging => logging.AddProcessor(new SimpleLogRecordExportProcessor(recorder)), static options => options.IncludeScopes = true);
        builder.Services.AddZeroTrust().AddRedaction();
        using var host = builder.Build();
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("orders");
        using (logger.BeginScope("first " + Mail))
        using (logger.BeginScope("second"))
        {
            logger.LogInformation("x");
        }
    }
}
