using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Trace;
using ZeroTrust.Testing;

namespace ZeroTrust.OpenTelemetry.Tests.Surfaces;

public sealed class RedactionAssertTests
{
    /// <summary>Every surface, by signal. Scopes and what is set after the end are below, since not every exporter sends them.</summary>
    private static readonly string[] Surfaces =
    [
        "logs: attribute", "logs: attribute named password", "logs: body", "logs: category", "logs: event name", "logs: exception message",
        "logs: inner exception", "logs: resource attribute", "logs: scope attribute", "logs: scope attribute key", "logs: scope attribute named password",
        "logs: scope dictionary",
        "metrics: description", "metrics: meter name", "metrics: meter tag", "metrics: meter version", "metrics: resource attribute", "metrics: tag",
        "metrics: tag key", "metrics: tag named password", "metrics: unit",
        "traces: attribute", "traces: attribute array", "traces: attribute key", "traces: attribute named password", "traces: attribute object",
        "traces: authorization header", "traces: event attribute", "traces: event attribute key", "traces: event name", "traces: exception message",
        "traces: inner exception", "traces: link attribute", "traces: link attribute key", "traces: link trace state", "traces: name",
        "traces: nested attribute", "traces: resource attribute", "traces: source name", "traces: source tag", "traces: source version",
        "traces: status description", "traces: trace state",
    ];

    public static TheoryData<string, string> Pipelines =>
        new MatrixTheoryData<string, string>(Enum.GetNames<Pipeline.Exporter>(), Enum.GetNames<Pipeline.Redaction>().Where(static name => name != nameof(Pipeline.Redaction.None)));

    [Theory]
    [MemberData(nameof(Pipelines))]
    public async Task Nothing_leaks_through_a_redacted_pipeline(string exporter, string redaction)
    {
        await using var receiver = await OtlpReceiver.StartAsync(TestContext.Current.CancellationToken);
        using var host = Pipeline.Build(receiver, Enum.Parse<Pipeline.Exporter>(exporter), Enum.Parse<Pipeline.Redaction>(redaction));

        await RedactionAssert.NothingLeaksAsync(host.Services, receiver, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(nameof(Pipeline.Exporter.Simple), false)]
    [InlineData(nameof(Pipeline.Exporter.Batch), true)]
    [InlineData(nameof(Pipeline.Exporter.UseOtlpExporter), true)]
    public async Task Every_surface_of_a_pipeline_without_redaction_is_named(string exporter, bool sendsLate)
    {
        await using var receiver = await OtlpReceiver.StartAsync(TestContext.Current.CancellationToken);
        using var host = Pipeline.Build(receiver, Enum.Parse<Pipeline.Exporter>(exporter), Pipeline.Redaction.None);

        var error = await Assert.ThrowsAsync<RedactionAssertException>(
            () => RedactionAssert.NothingLeaksAsync(host.Services, receiver, TestContext.Current.CancellationToken));

        Assert.Empty(error.MissingSignals);
        Assert.Equal(
            Surfaces.Concat(sendsLate ? ["traces: attribute set after the end"] : []).Order(StringComparer.Ordinal),
            error.Leaks.Select(static leak => leak.ToString()).Order(StringComparer.Ordinal));
        Assert.All(Surfaces, surface => Assert.Contains(surface.Split(": ")[1], error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_leaks_through_two_providers()
    {
        await using var receiver = await OtlpReceiver.StartAsync(TestContext.Current.CancellationToken);
        using var host = Pipeline.Build(receiver, Pipeline.Exporter.Batch, Pipeline.Redaction.AfterExporters);
        using var second = Sdk.CreateTracerProviderBuilder().AddSource(RedactionAssert.SourcePattern).AddZeroTrustRedaction()
            .AddOtlpExporter(options => Pipeline.To(receiver, "traces", options, ExportProcessorType.Batch)).Build();
        var target = RedactionTarget.Of(host.Services);

        await RedactionAssert.NothingLeaksAsync(
            new RedactionTarget { Tracers = [.. target.Tracers, second], Loggers = target.Loggers, Logs = target.Logs, Meters = target.Meters },
            receiver,
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Pipeline_that_exports_elsewhere_proves_nothing()
    {
        await using var receiver = await OtlpReceiver.StartAsync(TestContext.Current.CancellationToken);
        await using var elsewhere = await OtlpReceiver.StartAsync(TestContext.Current.CancellationToken);
        using var host = Pipeline.Build(elsewhere, Pipeline.Exporter.UseOtlpExporter, Pipeline.Redaction.AfterExporters);

        var error = await Assert.ThrowsAsync<RedactionAssertException>(() => RedactionAssert.NothingLeaksAsync(
            RedactionTarget.Of(host.Services), receiver, TimeSpan.Zero, TestContext.Current.CancellationToken));

        Assert.Equal("logs metrics traces", string.Join(' ', error.MissingSignals.Order(StringComparer.Ordinal)));
        Assert.Empty(error.Leaks);
    }

    [Fact]
    public async Task Service_without_a_pipeline_is_refused()
    {
        await using var receiver = await OtlpReceiver.StartAsync(TestContext.Current.CancellationToken);
        using var host = Host.CreateEmptyApplicationBuilder(settings: null).Build();

        await Assert.ThrowsAsync<ArgumentException>(() => RedactionAssert.NothingLeaksAsync(host.Services, receiver, TestContext.Current.CancellationToken));
    }
}
