using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace ZeroTrust.OpenTelemetry.Tests;

public sealed class RedactionRegistrationTests
{
    [Fact]
    public void Adding_twice_registers_once()
    {
        var once = new ServiceCollection();
        once.AddZeroTrust().AddRedaction();
        var twice = new ServiceCollection();
        twice.AddZeroTrust().AddRedaction().AddRedaction();

        Assert.Equal(once.Count, twice.Count);
    }

    [Fact]
    public void Provider_without_a_host_is_redacted_before_earlier_processors()
    {
        using var source = new ActivitySource("without-a-host");
        var seen = new Recorder<Activity>(static span => span.GetTagItem("note"));
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource(source.Name).AddProcessor(seen).AddZeroTrustRedaction().Build();

        using (var activity = source.StartActivity("a"))
        {
            activity?.SetTag("note", "a@example.com");
        }

        Assert.Equal("[email]", Assert.Single(seen.Seen));
    }

    [Fact]
    public void What_a_processor_adds_at_the_end_is_seen_by_the_pass_behind_it()
    {
        using var source = new ActivitySource("second-pass");
        var seen = new Recorder<Activity>(static span => span.GetTagItem("late"));
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource(source.Name)
            .AddProcessor(new Enricher()).AddZeroTrustRedaction().AddProcessor(seen).Build();

        source.StartActivity("a")?.Dispose();

        Assert.Equal("[email]", Assert.Single(seen.Seen));
    }

    [Fact]
    public void Two_providers_redact_one_span_to_the_same()
    {
        using var source = new ActivitySource("two-providers");
        var seen = new Recorder<Activity>(static span => string.Join('|', span.TagObjects.Select(static tag => tag.Value)));
        using var first = Sdk.CreateTracerProviderBuilder().AddSource(source.Name).AddZeroTrustRedaction().AddProcessor(seen).Build();
        using var second = Sdk.CreateTracerProviderBuilder().AddSource(source.Name).AddZeroTrustRedaction().AddProcessor(seen).Build();

        using (var activity = source.StartActivity("a"))
        {
            activity?.SetTag("note", "a@example.com 4111111111111111").SetTag("password", "x").AddTag("note", "b@example.com");
        }

        Assert.Equal(2, seen.Seen.Count);
        Assert.All(seen.Seen, static text => Assert.Equal("[email] [card]|[erased]|[email]", text));
    }

    [Fact]
    public void Span_that_cannot_be_redacted_is_dropped_and_counted()
    {
        using var source = new ActivitySource("broken-span");
        var seen = new Recorder<Activity>(static span => span.Recorded);
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(source.Name).AddProcessor(seen));
        builder.Services.AddZeroTrust().AddRedaction();
        using var host = builder.Build();
        using var counted = new Counted(host.Services.GetRequiredService<IMeterFactory>());
        _ = host.Services.GetRequiredService<TracerProvider>();

        using (var activity = source.StartActivity("a"))
        {
            activity?.SetTag("broken", new Broken());
        }

        source.StartActivity("b")?.Dispose();

        Assert.Equal([false, true], seen.Seen);
        Assert.Equal(1, counted.Of("records.dropped span failed"));
    }

    [Fact]
    public void Log_that_cannot_be_redacted_loses_its_content_and_is_counted()
    {
        var seen = new Recorder<LogRecord>(static log => $"{log.Body}|{log.FormattedMessage}|{log.Attributes?.Count}|{log.Exception}");
        using var host = BuildHost(options => options.AddProcessor(seen));
        using var counted = new Counted(host.Services.GetRequiredService<IMeterFactory>());
        var logger = host.Services.GetRequiredService<ILogger<RedactionRegistrationTests>>();

        logger.LogInformation(new InvalidOperationException("x"), "a {Value} {Broken}", "raw", new Broken(allow: 1));
        logger.LogInformation("a {Value}", "raw");

        Assert.Equal("[redaction failed]|[redaction failed]||", seen.Seen[0]);
        Assert.Equal("a {Value}|a raw|2|", seen.Seen[1]);
        Assert.Equal(1, counted.Of("records.dropped log failed"));
    }

    [Fact]
    public void Clean_log_and_its_exception_stay_as_they_are()
    {
        var exception = new InvalidOperationException("plain");
        var seen = new Recorder<LogRecord>(static log => log.Exception);
        using var host = BuildHost(options => options.AddProcessor(seen));

        host.Services.GetRequiredService<ILogger<RedactionRegistrationTests>>().LogError(exception, "order {Order}", 7);

        Assert.Same(exception, Assert.Single(seen.Seen));
    }

    [Fact]
    public void Message_that_showed_an_erased_value_becomes_its_template()
    {
        var seen = new Recorder<LogRecord>(static log => $"{log.Body}|{log.FormattedMessage}");
        using var host = BuildHost(options => options.AddProcessor(seen));

        host.Services.GetRequiredService<ILogger<RedactionRegistrationTests>>().LogInformation("login {Password}", "hunter2");

        Assert.Equal("login {Password}|login {Password}", Assert.Single(seen.Seen));
    }

    [Fact]
    public void Other_logger_providers_see_the_scopes_as_they_are()
    {
        var console = new ScopeRecorder();
        using var host = BuildHost(static _ => { }, logging => logging.AddProvider(console));
        var logger = host.Services.GetRequiredService<ILogger<RedactionRegistrationTests>>();

        using (logger.BeginScope("a@example.com"))
        {
            logger.LogInformation("x");
        }

        Assert.Equal("a@example.com", Assert.Single(console.Scopes));
    }

    [Fact]
    public async Task Host_stops_when_scope_redaction_was_cleared()
    {
        using var host = BuildHost(static options => options.IncludeScopes = true, beforeOpenTelemetry: static logging => logging.ClearProviders());

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("ClearProviders", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_starts_with_redaction()
    {
        using var host = BuildHost(static options => options.IncludeScopes = true);

        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private static IHost BuildHost(Action<OpenTelemetryLoggerOptions> configure, Action<ILoggingBuilder>? beforeOpenTelemetry = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddZeroTrust().AddRedaction();
        beforeOpenTelemetry?.Invoke(builder.Logging);
        builder.Logging.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            configure(options);
        });
        return builder.Build();
    }

    private sealed class Recorder<T>(Func<T, object?> read) : BaseProcessor<T>
    {
        public List<object?> Seen { get; } = [];

        public override void OnEnd(T data) => Seen.Add(read(data));
    }

    private sealed class Enricher : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => data.SetTag("late", "a@example.com");
    }

    private sealed class Broken(int allow = 0)
    {
        private int _calls;

        public override string ToString() => _calls++ < allow ? "fine" : throw new InvalidOperationException("broken");
    }

    private sealed class ScopeRecorder : ILoggerProvider, ILogger, ISupportExternalScope
    {
        private IExternalScopeProvider? _scopes;

        public List<object?> Scopes { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _scopes!.ForEachScope(static (scope, scopes) => scopes.Add(scope), Scopes);

        public void Dispose()
        {
        }
    }
}
