using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using ZeroTrust.Redaction;
using ZeroTrust.Testing;

namespace ZeroTrust.Samples.Snippets;

/// <summary>The code of docs/guides/telemetry.md.</summary>
internal static class TelemetryGuide
{
    public static void Wire(WebApplicationBuilder builder)
    {
        // snippet: RedactionSetup
        builder.Services.AddZeroTrust().AddRedaction();     // AddZeroTrustDefaults() has it already
        builder.Services.AddOpenTelemetry().WithTracing().WithMetrics().WithLogging().UseOtlpExporter();
        // end
    }

    public static void KeepOnly(WebApplicationBuilder builder)
    {
        // snippet: RedactionKeepOnly
        builder.Services.AddZeroTrust().AddRedaction(redaction =>
        {
            redaction.Mode = RedactionMode.KeepOnly;
            redaction.Rules.Add(new RedactionRule { Key = "shop.order.*", Action = RedactionAction.Keep });
            redaction.Rules.Add(new RedactionRule { Key = "shop.customer", Action = RedactionAction.Mask });
        });
        // end
    }

    public static void MetricsAndBaggage(WebApplicationBuilder builder)
    {
        // snippet: RedactionMetrics
        builder.Services.AddZeroTrust().AddRedaction(export: export =>
        {
            export.MetricTagKeys = ["error.type", "http.request.method", "http.response.status_code", "http.route"];
            export.BaggageDestinations = ["billing.shop.svc", "*.warehouse.svc"];
        });
        // end
    }

    public static void OwnProcessor(WebApplicationBuilder builder)
    {
        // snippet: RedactionSecondPass
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
            .AddProcessor(new CustomerProcessor())
            .AddZeroTrustRedaction()        // redacts what the processor has added
            .AddOtlpExporter());
        // end
    }

    // snippet: RedactionTest
    public static async Task NothingLeavesAsync(WebApplicationBuilder builder, CancellationToken cancellationToken)
    {
        await using var receiver = await OtlpReceiver.StartAsync(cancellationToken);
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Endpoint.ToString();
        builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        builder.Services.AddRedactionCanaries();
        await using var app = builder.Build();

        await RedactionAssert.NothingLeaksAsync(app.Services, receiver, cancellationToken);
    }
    // end

    private sealed class CustomerProcessor : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => data.SetTag("shop.customer", "alice@example.com");
    }
}
