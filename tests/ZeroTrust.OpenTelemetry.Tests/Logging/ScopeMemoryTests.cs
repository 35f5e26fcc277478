using System.Collections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace ZeroTrust.OpenTelemetry.Tests.Logging;

public class ScopeMemoryTests
{
    private const string Mail = "jo@example.com";

    [Fact]
    public void Scope_is_read_once_for_the_look_and_the_export()
    {
        var scope = new ChangingScope("ord-1", "ord-2");
        using var recorder = new Recorder<LogRecord>(Values);
        Log(new SimpleLogRecordExportProcessor(recorder), scope, static logger => logger.LogInformation("x"));

        Assert.Equal(1, scope.Reads);
    }

    [Fact]
    public void What_is_exported_is_what_was_looked_at_and_a_change_is_in_the_next_record()
    {
        var scope = new ChangingScope("ord-1", Mail);
        using var recorder = new Recorder<LogRecord>(Values);
        Log(new SimpleLogRecordExportProcessor(recorder), scope, static logger =>
        {
            logger.LogInformation("x");
            logger.LogInformation("y");
        });

        Assert.Equal(["ord-1", "[email]"], recorder.Seen);
    }

    [Fact]
    public void Export_that_throws_leaves_no_scope_to_the_next_record()
    {
        var scope = new ChangingScope("ord-1", Mail);
        using var recorder = new Recorder<LogRecord>(Values);
        Log(new ThrowsFirst(recorder), scope, static logger =>
        {
            Assert.NotNull(Record.Exception(() => logger.LogInformation("x")));
            logger.LogInformation("y");
        });

        Assert.Equal(["[email]"], recorder.Seen);
    }

    [Fact]
    public void What_a_processor_writes_into_a_scope_that_it_read_is_not_exported()
    {
        using var recorder = new Recorder<LogRecord>(Values);
        var chain = new CompositeProcessor<LogRecord>([new WritesIntoScopes(), new SimpleLogRecordExportProcessor(recorder)]);
        Log(chain, new ChangingScope("ord-1"), static logger => logger.LogInformation("x"));

        Assert.Equal(["ord-1"], recorder.Seen);
    }

    [Fact]
    public void Scope_that_is_logged_under_twice_keeps_its_place()
    {
        using var recorder = new Recorder<LogRecord>(Values);
        var scope = new ChangingScope("ord-1");
        Log(new SimpleLogRecordExportProcessor(recorder), scope, logger =>
        {
            using (logger.BeginScope(new ChangingScope(Mail)))
            using (logger.BeginScope(scope))
            {
                logger.LogInformation("x");
            }
        });

        Assert.Equal(["ord-1 [email] ord-1"], recorder.Seen);
    }

    [Fact]
    public void Logger_that_outlives_its_host_does_not_throw()
    {
        using var recorder = new Recorder<LogRecord>(Values);
        var scope = new ChangingScope("ord-1");
        ILogger? kept = null;
        Log(new SimpleLogRecordExportProcessor(recorder), scope, logger => kept = logger);

        Assert.Null(Record.Exception(() => kept!.LogInformation("x")));
    }

    private static string Values(LogRecord record)
    {
        List<string> values = [];
        record.ForEachScope(
            static (scope, found) =>
            {
                foreach (var tag in scope)
                {
                    found.Add($"{tag.Value}");
                }
            },
            values);
        return string.Join(' ', values);
    }

    private static void Log(BaseProcessor<LogRecord> export, ChangingScope scope, Action<ILogger> log)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddOpenTelemetry().WithLogging(logging => logging.AddProcessor(export), static options => options.IncludeScopes = true);
        builder.Services.AddZeroTrust().AddRedaction();
        using var host = builder.Build();
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("orders");
        using (logger.BeginScope(scope))
        {
            log(logger);
        }
    }

    /// <summary>A scope with one attribute, which is the next of its values at each reading, and the last one from then on.</summary>
    private sealed class ChangingScope(params string[] values) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Reads { get; private set; }

        public int Count => 1;

        public KeyValuePair<string, object?> this[int index] => new("note", values[Math.Min(Reads++, values.Length - 1)]);

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            yield return this[0];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class WritesIntoScopes : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data) => data.ForEachScope(
            static (scope, added) => (scope.Scope as ICollection<KeyValuePair<string, object?>>)?.Add(added),
            new KeyValuePair<string, object?>("added", Mail));
    }

    private sealed class ThrowsFirst(BaseExporter<LogRecord> exporter) : BaseExportProcessor<LogRecord>(exporter)
    {
        private bool _threw;

        protected override void OnExport(LogRecord data)
        {
            if (!_threw)
            {
                _threw = true;
                data.ForEachScope(static (_, _) => { }, 0);
                throw new InvalidOperationException("broken");
            }

            exporter.Export(new Batch<LogRecord>([data], 1));
        }
    }
}
