using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using ZeroTrust.Redaction;

namespace ZeroTrust.OpenTelemetry.Tests.Logging;

/// <summary>What reaches a log record behind redaction, and an exporter that stands where it should not.</summary>
public sealed class LogGuardTests : IDisposable
{
    private const string Mail = "a@canary.example";
    private readonly Recorder<LogRecord> _recorder = new(static log => string.Join(' ', log.Attributes ?? []));

    public void Dispose() => _recorder.Dispose();

    [Theory]
    [InlineData(ExportProcessorType.Simple, Mail, "[added, [email]]")]
    [InlineData(ExportProcessorType.Batch, Mail, "[added, [email]]")]
    [InlineData(ExportProcessorType.Batch, "plain", "[added, plain]")]
    public void What_a_processor_adds_behind_redaction_is_redacted(ExportProcessorType type, string value, string exported)
    {
        using var host = Build(logging => logging.AddProcessor(new Enricher(value)).AddProcessor(Export(type)));

        Write(host, "x");
        host.Services.GetRequiredService<LoggerProvider>().ForceFlush();

        Assert.Equal([exported], _recorder.Seen);
    }

    [Fact]
    public void Exporter_inside_a_chain_of_its_own_is_guarded()
    {
        using var host = Build(logging => logging.AddProcessor(
            new CompositeProcessor<LogRecord>([new Enricher(Mail), Export(ExportProcessorType.Simple)])));

        Write(host, "x");

        Assert.Equal(["[added, [email]]"], _recorder.Seen);
    }

    [Fact]
    public async Task Exporter_in_front_of_redaction_exports_nothing_and_stops_the_host()
    {
        using var host = Build(static _ => { }, services =>
        {
            services.ConfigureOpenTelemetryLoggerProvider(logging => logging.AddProcessor(Export(ExportProcessorType.Simple)));
            var exporter = services[^1];
            services.RemoveAt(services.Count - 1);
            services.Insert(0, exporter);
        });
        using var counted = new Counted(host.Services.GetRequiredService<IMeterFactory>());

        Write(host, Mail);
        Write(host, "x");

        Assert.Empty(_recorder.Seen);
        Assert.True(counted.Of("records.dropped log stopped") >= 2);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("an exporter stands before redaction", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text", Mail, 0)]
    [InlineData("text", "plain", 1)]
    [InlineData("attribute", Mail, 0)]
    [InlineData("attribute", "plain", 1)]
    public void Record_whose_scopes_are_no_longer_redacted_is_dropped_unless_they_are_clean(string kind, string value, int exported)
    {
        using var host = Build(logging => logging.AddProcessor(Export(ExportProcessorType.Simple)));
        using var counted = new Counted(host.Services.GetRequiredService<IMeterFactory>());
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("orders");
        var raw = new LoggerExternalScopeProvider();
        ((ISupportExternalScope)host.Services.GetServices<ILoggerProvider>().OfType<OpenTelemetryLoggerProvider>().Single()).SetScopeProvider(raw);

        using (raw.Push(kind == "text" ? value : new Dictionary<string, object?>(StringComparer.Ordinal) { ["note"] = value }))
        {
            logger.LogInformation("x");
        }

        Assert.Equal(exported, _recorder.Seen.Count);
        Assert.Equal(1 - exported, counted.Of("records.dropped log dirty"));
    }

    [Theory]
    [InlineData("Deny")]
    [InlineData("KeepOnly")]
    public void Record_with_redacted_scopes_leaves(string mode)
    {
        var scopes = new List<string>();
        using var recorder = new Recorder<LogRecord>(log =>
        {
            log.ForEachScope(
                static (scope, all) =>
                {
                    foreach (var tag in scope)
                    {
                        all.Add($"{tag.Key}={tag.Value}");
                    }
                },
                scopes);
            return null;
        });
        using var host = Build(
            logging => logging.AddProcessor(new SimpleLogRecordExportProcessor(recorder)),
            services => services.Configure<RedactionOptions>(options => options.Mode = Enum.Parse<RedactionMode>(mode)));
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("orders");

        using (logger.BeginScope("for " + Mail))
        using (logger.BeginScope(new Dictionary<string, object?>(StringComparer.Ordinal) { ["note"] = Mail, ["error.type"] = "plain" }))
        {
            logger.LogInformation("x");
        }

        var note = mode == "Deny" ? "[email]" : "[erased]";
        Assert.Equal(["=for [email]", "note=" + note, "error.type=plain"], scopes);
    }

    [Fact]
    public void Record_that_cannot_be_redacted_keeps_neither_category_nor_event_name()
    {
        using var recorder = new Recorder<LogRecord>(static log => $"{log.CategoryName}|{log.EventId.Id}|{log.EventId.Name}|{log.Body}|{log.LogLevel}");
        using var host = Build(logging => logging.AddProcessor(new SimpleLogRecordExportProcessor(recorder)));

        host.Services.GetRequiredService<ILoggerFactory>().CreateLogger($"orders {Mail}")
            .Log(LogLevel.Warning, new EventId(7, Mail), new Dictionary<string, object?>(StringComparer.Ordinal) { ["broken"] = new Broken() }, null, static (_, _) => Mail);

        Assert.Equal(["orders [email]|7||[redaction failed]|Warning"], recorder.Seen);
    }

    private static void Write(IHost host, string text) =>
        host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("orders").Log(LogLevel.Information, default, text, null, static (state, _) => state);

    private BaseProcessor<LogRecord> Export(ExportProcessorType type) =>
        type == ExportProcessorType.Simple ? new SimpleLogRecordExportProcessor(_recorder) : new BatchLogRecordExportProcessor(_recorder);

    private static IHost Build(Action<LoggerProviderBuilder> configure, Action<IServiceCollection>? before = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddOpenTelemetry().WithLogging(configure, static options => options.IncludeScopes = true);
        builder.Services.AddZeroTrust().AddRedaction();
        before?.Invoke(builder.Services);
        return builder.Build();
    }

    private sealed class Enricher(string value) : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data) => data.Attributes = [new("added", value)];
    }

    private sealed class Broken
    {
        public override string ToString() => throw new InvalidOperationException("broken");
    }
}
