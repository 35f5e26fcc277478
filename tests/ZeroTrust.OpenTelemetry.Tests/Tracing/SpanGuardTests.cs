using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ZeroTrust.OpenTelemetry.Tracing;
using ZeroTrust.Redaction;

namespace ZeroTrust.OpenTelemetry.Tests.Tracing;

/// <summary>What reaches a span behind redaction, and an exporter that stands where it should not.</summary>
public sealed class SpanGuardTests : IDisposable
{
    private const string Mail = "a@canary.example";
    private readonly string _source = $"guard.{ActivitySpanId.CreateRandom()}";
    private readonly Recorder<Activity> _recorder = new(static span => span.DisplayName);

    public void Dispose() => _recorder.Dispose();

    [Theory]
    [InlineData(Mail, 0)]
    [InlineData("plain", 1)]
    public void Attribute_set_after_the_end_drops_the_span_unless_it_is_clean(string value, int exported)
    {
        using var host = Build(tracing => tracing.AddProcessor(new BatchActivityExportProcessor(_recorder)));
        using var counted = new Counted(host.Services.GetRequiredService<IMeterFactory>());
        var provider = host.Services.GetRequiredService<TracerProvider>();

        End(static _ => { }).SetTag("late", value);
        provider.ForceFlush();

        Assert.Equal(exported, _recorder.Seen.Count);
        Assert.Equal(1 - exported, counted.Of("records.dropped span dirty"));
    }

    [Theory]
    [InlineData(Mail, 0)]
    [InlineData("plain", 1)]
    public void What_a_processor_adds_behind_redaction_drops_the_span_unless_it_is_clean(string value, int exported)
    {
        using var host = Build(tracing => tracing.AddProcessor(new Enricher(value)).AddProcessor(new SimpleActivityExportProcessor(_recorder)));
        _ = host.Services.GetRequiredService<TracerProvider>();

        End(static _ => { });

        Assert.Equal(exported, _recorder.Seen.Count);
    }

    [Theory]
    [InlineData("event", 0)]
    [InlineData("event attribute", 0)]
    [InlineData("link attribute", 0)]
    [InlineData("link state", 0)]
    [InlineData("status", 0)]
    [InlineData("trace state", 0)]
    [InlineData("name", 0)]
    [InlineData("source", 0)]
    [InlineData("nothing", 1)]
    public void Every_surface_is_looked_at_again(string surface, int exported)
    {
        using var other = new ActivitySource(Mail);
        using var host = Build(tracing => tracing.AddProcessor(new BatchActivityExportProcessor(_recorder)));
        var provider = host.Services.GetRequiredService<TracerProvider>();

        Dirty(End(static _ => { }), surface, other);
        provider.ForceFlush();

        Assert.Equal(exported, _recorder.Seen.Count);
    }

    [Fact]
    public void Source_is_judged_by_the_rules_in_use()
    {
        using var tagged = new ActivitySource(new ActivitySourceOptions(_source) { Tags = [new("team", "orders")] });
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        var teams = new Recorder<Activity>(static span => span.Source.Tags!.Single().Value!);
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(_source).AddProcessor(new SimpleActivityExportProcessor(teams)));
        builder.Services.AddZeroTrust().AddRedaction();
        using var host = builder.Build();
        _ = host.Services.GetRequiredService<TracerProvider>();

        tagged.StartActivity("before")!.Dispose();
        builder.Configuration["ZeroTrust:Redaction:Rules:0:Key"] = "team";
        builder.Configuration["ZeroTrust:Redaction:Rules:0:Action"] = "Erase";
        ((IConfigurationRoot)builder.Configuration).Reload();
        tagged.StartActivity("after")!.Dispose();

        Assert.Equal(["orders", "[erased]"], teams.Seen);
    }

    [Fact]
    public void What_every_action_writes_passes_a_second_provider_and_the_last_look()
    {
        var (first, second) = (new Recorder<Activity>(Values), new Recorder<Activity>(Values));
        using var one = Provider(first);
        using var two = Provider(second);

        End(static span => span.SetTag("mask", "4000-user-1234").SetTag("mask.mail", "alice@example.com").SetTag("token", "alice").SetTag("cut", "mail alice@example.com now")
            .SetTag("sql", "SELECT 'a' -- b").SetTag("ids", "/orders/1234567/a@example.com?x=1").SetTag("erase", "alice").SetTag("keep", "Password=hunter2;Mail=a@example.com"));
        one.ForceFlush();
        two.ForceFlush();

        var values = Assert.Single(first.Seen);
        Assert.Equal(values, Assert.Single(second.Seen));
        Assert.Matches(
            @"^\*{10}1234 \*\*\*@example\.com tok:v1:[\w-]{22} mail \[em SELECT \? \? /orders/\*/\S+ \[erased\] Password=\[secret\];Mail=\[email\]$", Assert.IsType<string>(values));
    }

    [Fact]
    public void Clean_spans_of_a_batch_leave_without_the_dirty_one()
    {
        using var host = Build(tracing => tracing.AddProcessor(new BatchActivityExportProcessor(_recorder)));
        var provider = host.Services.GetRequiredService<TracerProvider>();

        End(static span => span.DisplayName = "first");
        End(static span => span.DisplayName = "dirty").SetTag("late", Mail);
        End(static span => span.DisplayName = "last");
        provider.ForceFlush();

        Assert.Equal(["first", "last"], _recorder.Seen);
    }

    [Fact]
    public void Exporter_inside_a_chain_of_its_own_is_guarded()
    {
        using var host = Build(tracing => tracing.AddProcessor(
            new CompositeProcessor<Activity>([new Enricher(Mail), new SimpleActivityExportProcessor(_recorder)])));
        _ = host.Services.GetRequiredService<TracerProvider>();

        End(static _ => { });

        Assert.Empty(_recorder.Seen);
    }

    [Fact]
    public void Exporter_added_to_the_running_provider_is_guarded_soon()
    {
        using var host = Build(static _ => { });
        var provider = host.Services.GetRequiredService<TracerProvider>();
        End(static _ => { });

        provider.AddProcessor(new Enricher(Mail)).AddProcessor(new SimpleActivityExportProcessor(_recorder));
        for (var i = 0; i < 1024; i++)
        {
            End(static _ => { });
        }

        var seen = _recorder.Seen.Count;
        End(static _ => { });
        Assert.Equal(seen, _recorder.Seen.Count);
    }

    [Theory]
    [InlineData(ExportProcessorType.Simple)]
    [InlineData(ExportProcessorType.Batch)]
    public void Exporter_keeps_its_resource(ExportProcessorType type)
    {
        object? service = null;
        Recorder<Activity>? recorder = null;
        recorder = new Recorder<Activity>(_ => service = recorder!.ParentProvider.GetResource().Attributes.Single(static pair => pair.Key == "service.name").Value);
        using var host = Build(tracing => tracing.ConfigureResource(static resource => resource.AddService("orders"))
            .AddProcessor(type == ExportProcessorType.Simple ? new SimpleActivityExportProcessor(recorder) : new BatchActivityExportProcessor(recorder)));
        var provider = host.Services.GetRequiredService<TracerProvider>();

        End(static _ => { });
        provider.ForceFlush();

        Assert.Equal("orders", service);
    }

    [Fact]
    public async Task Exporter_in_front_of_redaction_exports_nothing_and_stops_the_host()
    {
        using var host = BuildWithExporterInFront();
        using var counted = new Counted(host.Services.GetRequiredService<IMeterFactory>());
        _ = host.Services.GetRequiredService<TracerProvider>();

        End(static span => span.SetTag("note", Mail));
        End(static _ => { });

        Assert.Empty(_recorder.Seen);
        Assert.Equal(2, counted.Of("records.dropped span stopped"));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("an exporter stands before redaction", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exporter_in_front_stops_the_host_before_any_span()
    {
        using var host = BuildWithExporterInFront();

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Host_starts_when_every_exporter_is_behind()
    {
        using var host = Build(tracing => tracing.AddProcessor(new SimpleActivityExportProcessor(_recorder)));

        await host.StartAsync(TestContext.Current.CancellationToken);
        End(static _ => { });
        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Single(_recorder.Seen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Failed_self_test_stops_export_and_host(bool throws)
    {
        using var host = Build(
            tracing => tracing.AddProcessor(new SimpleActivityExportProcessor(_recorder)),
            services => services.AddSingleton(new SpanEditProof(() => throws ? throw new NotSupportedException() : false)));
        _ = host.Services.GetRequiredService<TracerProvider>();

        End(static _ => { });

        Assert.Empty(_recorder.Seen);
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Pipeline_of_another_shape_stops_export()
    {
        using var host = Build(static _ => { });
        using var other = new OtherProvider();
        var pipeline = ActivatorUtilities.CreateInstance<SpanPipeline>(host.Services);

        pipeline.Prove(other);

        Assert.Contains("cannot be read", pipeline.State.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Exporter_that_throws_does_not_reach_the_application()
    {
        var broken = new Recorder<Activity>(static _ => throw new InvalidOperationException("broken"));
        using var host = Build(tracing => tracing.AddProcessor(new SimpleActivityExportProcessor(broken)).AddProcessor(new SimpleActivityExportProcessor(_recorder)));
        _ = host.Services.GetRequiredService<TracerProvider>();

        End(static _ => { });

        Assert.Single(_recorder.Seen);
    }

    private static void Dirty(Activity span, string surface, ActivitySource other)
    {
        switch (surface)
        {
            case "event":
                span.AddEvent(new ActivityEvent(Mail));
                break;
            case "event attribute":
                span.AddEvent(new ActivityEvent("late", tags: new ActivityTagsCollection { ["to"] = Mail }));
                break;
            case "link attribute":
                span.AddLink(new ActivityLink(default, new ActivityTagsCollection { ["to"] = Mail }));
                break;
            case "link state":
                span.AddLink(new ActivityLink(new ActivityContext(default, default, ActivityTraceFlags.None, "v=" + Mail)));
                break;
            case "status":
                span.SetStatus(ActivityStatusCode.Error, Mail);
                break;
            case "trace state":
                span.TraceStateString = "v=" + Mail;
                break;
            case "name":
                span.DisplayName = Mail;
                break;
            case "source":
                SourceRedactor.SourceOf(span) = other;
                break;
        }
    }

    private static string Values(Activity span) => string.Join(' ', span.TagObjects.Select(static tag => tag.Value));

    private TracerProvider Provider(BaseExporter<Activity> exporter) => Sdk.CreateTracerProviderBuilder().AddSource(_source)
        .ConfigureServices(static services => services.AddZeroTrust().AddRedaction(static options =>
        {
            options.TokenKey = Convert.ToBase64String(new byte[32]);
            options.Rules =
            [
                new() { Key = "mask*", Action = RedactionAction.Mask }, new() { Key = "token", Action = RedactionAction.Token },
                new() { Key = "cut", Action = RedactionAction.Truncate, Length = 8 }, new() { Key = "sql", Action = RedactionAction.StripLiterals },
                new() { Key = "ids", Action = RedactionAction.StripIds }, new() { Key = "erase", Action = RedactionAction.Erase },
            ];
        }))
        .AddProcessor(new BatchActivityExportProcessor(exporter)).Build();

    private Activity End(Action<Activity> fill)
    {
        using var source = new ActivitySource(_source);
        using var span = source.StartActivity("a")!;
        fill(span);
        return span;
    }

    private IHost Build(Action<TracerProviderBuilder> configure, Action<IServiceCollection>? before = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddOpenTelemetry().WithTracing(tracing => configure(tracing.AddSource(_source)));
        builder.Services.AddZeroTrust().AddRedaction();
        before?.Invoke(builder.Services);
        return builder.Build();
    }

    private IHost BuildWithExporterInFront() => Build(static _ => { }, services =>
    {
        services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(new SimpleActivityExportProcessor(_recorder)));
        var exporter = services[^1];
        services.RemoveAt(services.Count - 1);
        services.Insert(0, exporter);
    });

    private sealed class Enricher(string value) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => data.SetTag("added", value);
    }

    private sealed class OtherProvider : BaseProvider;
}
