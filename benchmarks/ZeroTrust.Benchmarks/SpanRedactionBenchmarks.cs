using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ZeroTrust.Benchmarks;

/// <summary>What redaction adds to a span with 15 attributes, from its start to its end.</summary>
[MemoryDiagnoser]
public class SpanRedactionBenchmarks : IDisposable
{
    private readonly ActivitySource _plain = new("benchmarks.plain");
    private readonly ActivitySource _redacted = new("benchmarks.redacted");
    private TracerProvider? _plainProvider;
    private TracerProvider? _redactedProvider;

    [GlobalSetup]
    public void Setup()
    {
        _plainProvider = Sdk.CreateTracerProviderBuilder().AddSource(_plain.Name).AddProcessor(new Ignore()).Build();
        _redactedProvider = Sdk.CreateTracerProviderBuilder().AddSource(_redacted.Name).AddProcessor(new Ignore())
            .ConfigureServices(static services => services.AddZeroTrust().AddRedaction()).Build();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _plain.Dispose();
        _redacted.Dispose();
        _plainProvider?.Dispose();
        _redactedProvider?.Dispose();
    }

    [Benchmark(Baseline = true, Description = "span, not redacted")]
    public void NotRedacted() => Record(_plain, "orders loaded", "10.0.0.7");

    [Benchmark(Description = "span, redacted, nothing found")]
    public void Clean() => Record(_redacted, "orders loaded", "10.0.0.7");

    [Benchmark(Description = "span, redacted, two values found")]
    public void Sensitive() => Record(_redacted, "mail to alice@example.com", "Password=hunter2");

    private static void Record(ActivitySource source, string note, string peer)
    {
        using var activity = source.StartActivity("GET /orders/{id}", ActivityKind.Server);
        activity!.SetTag("http.request.method", "GET")
            .SetTag("http.route", "/orders/{id}")
            .SetTag("http.response.status_code", 200)
            .SetTag("url.scheme", "https")
            .SetTag("url.path", "/orders/1a7c0c1e")
            .SetTag("server.address", "orders.example.test")
            .SetTag("server.port", 7001)
            .SetTag("network.protocol.version", "2")
            .SetTag("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36")
            .SetTag("zerotrust.workload", "spiffe://example.test/gateway")
            .SetTag("zerotrust.listener", "mesh")
            .SetTag("db.system.name", "sqlite")
            .SetTag("db.query.text", "SELECT o.Id, o.Amount FROM Orders AS o WHERE o.TenantId = @tenant AND o.Id = @id")
            .SetTag("note", note)
            .SetTag("peer", peer);
    }

    private sealed class Ignore : BaseProcessor<Activity>;
}
