using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ZeroTrust.OpenTelemetry.Tests.Metrics;

/// <summary>What a metric may carry: listed tag keys, clean values, no name that cannot be redacted.</summary>
public sealed class MetricGuardTests : IDisposable
{
    private const string Mail = "a@canary.example";
    private readonly Meter _meter = new($"metrics.{ActivitySpanId.CreateRandom()}");
    private readonly Recorder<Metric> _recorder = new(Describe);

    public void Dispose()
    {
        _meter.Dispose();
        _recorder.Dispose();
    }

    [Theory]
    [InlineData("a@canary.example", "")]
    [InlineData("plain", "calls[ note=plain]")]
    public void Metric_with_a_tag_that_must_not_leave_is_dropped(string value, string exported)
    {
        using var host = Build();
        using var counted = new Counted(host.Services.GetRequiredService<IMeterFactory>());

        _meter.CreateCounter<long>("calls").Add(1, new KeyValuePair<string, object?>("note", value));

        Assert.Equal(exported, Collect(host));
        Assert.Equal(exported.Length == 0 ? 1 : 0, counted.Of("records.dropped metric dirty"));
    }

    [Fact]
    public void Instrument_whose_name_is_not_clean_is_never_collected()
    {
        using var host = Build();
        using var counted = new Counted(host.Services.GetRequiredService<IMeterFactory>());
        var token = _meter.CreateCounter<long>("glpat-Zq3xT9vLm2Rk8Wp5Yb7N");

        token.Add(1);
        var first = Collect(host);
        token.Add(1);

        Assert.Equal(("", ""), (first, Collect(host)));
        Assert.Equal(1, counted.Of("records.dropped metric dirty"));
    }

    [Fact]
    public void Only_listed_keys_stay()
    {
        using var host = Build(keys: ["error.type"]);

        _meter.CreateCounter<long>("calls").Add(1, new("customer", Mail), new("error.type", "authz.expired"));

        Assert.Equal("calls[ error.type=authz.expired]", Collect(host));
    }

    [Fact]
    public void Listed_key_cannot_carry_a_secret()
    {
        using var host = Build(keys: ["error.type"]);

        _meter.CreateCounter<long>("calls").Add(1, new KeyValuePair<string, object?>("error.type", Mail));
        _meter.CreateCounter<long>("others").Add(1, new KeyValuePair<string, object?>("error.type", "plain"));

        Assert.Equal("others[ error.type=plain]", Collect(host));
    }

    [Fact]
    public void View_of_the_application_does_not_bring_a_key_back()
    {
        using var host = Build(keys: ["error.type"], metrics => metrics.AddView("dirty", new ExplicitBucketHistogramConfiguration { Name = "again", Boundaries = [1] }));

        _meter.CreateHistogram<double>("dirty").Record(1, new KeyValuePair<string, object?>("customer", "alice"));
        _meter.CreateHistogram<double>("clean").Record(1, new KeyValuePair<string, object?>("customer", "alice"));

        Assert.Equal("clean[] dirty[]", Collect(host));
    }

    [Theory]
    [InlineData("customer", "")]
    [InlineData(null, "calls[]")]
    public void Exemplar_does_not_bring_a_key_back(string? key, string exported)
    {
        using var host = Build(keys: ["error.type"], static metrics => metrics.SetExemplarFilter(ExemplarFilterType.AlwaysOn));

        _meter.CreateCounter<long>("calls").Add(1, key is null ? default(TagList) : new TagList { { key, "alice" } });

        Assert.Equal(exported, Collect(host));
    }

    [Fact]
    public void Description_is_redacted()
    {
        using var recorder = new Recorder<Metric>(static metric => metric.Description);
        using var host = Build([], configure: null, recorder);

        _meter.CreateCounter<long>("calls", description: $"calls of {Mail}").Add(1);
        Collect(host);

        Assert.Equal(["calls of [email]"], recorder.Seen);
    }

    [Fact]
    public void Instrument_whose_names_cannot_be_redacted_is_not_collected()
    {
        using var named = new Meter($"{_meter.Name}.{Mail}");
        using var versioned = new Meter($"{_meter.Name}.versioned", Mail);
        using var tagged = new Meter(new MeterOptions($"{_meter.Name}.tagged") { Tags = [new("password", "x")] });
        using var host = Build();

        _meter.CreateCounter<long>("card/4111111111111111").Add(1);
        _meter.CreateCounter<long>("unit", unit: Mail).Add(1);
        named.CreateCounter<long>("named").Add(1);
        versioned.CreateCounter<long>("versioned").Add(1);
        tagged.CreateCounter<long>("tagged").Add(1);
        _meter.CreateCounter<long>("plain").Add(1);

        Assert.Equal("plain[]", Collect(host));
    }

    [Fact]
    public void Every_reader_is_guarded()
    {
        using var second = new Recorder<Metric>(Describe);
        using var host = Build([], metrics => metrics.AddReader(new BaseExportingMetricReader(second)));

        _meter.CreateCounter<long>("calls").Add(1, new KeyValuePair<string, object?>("note", Mail));
        _meter.CreateCounter<long>("plain").Add(1);
        Collect(host);

        Assert.Equal(["plain[]"], second.Seen);
        Assert.Equal(["plain[]"], _recorder.Seen);
    }

    private static string Describe(Metric metric)
    {
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var text = "";
            foreach (var tag in point.Tags)
            {
                text += $" {tag.Key}={tag.Value}";
            }

            return $"{metric.Name}[{text}]";
        }

        return metric.Name;
    }

    private string Collect(IHost host)
    {
        host.Services.GetRequiredService<MeterProvider>().ForceFlush();
        return string.Join(' ', _recorder.Seen.Order());
    }

    private IHost Build(string[]? keys = null, Action<MeterProviderBuilder>? configure = null, BaseExporter<Metric>? exporter = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddZeroTrust().AddRedaction(export: options => options.MetricTagKeys = keys ?? []);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics.AddMeter(_meter.Name + "*").AddReader(new BaseExportingMetricReader(exporter ?? _recorder));
            configure?.Invoke(metrics);
        });
        var host = builder.Build();
        _ = host.Services.GetRequiredService<MeterProvider>();
        return host;
    }
}
