using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using OpenTelemetry;
using OpenTelemetry.Trace;
using ZeroTrust.Redaction;

namespace ZeroTrust.Benchmarks;

/// <summary>What redaction adds to a span with 15 attributes, from its start to its end.</summary>
[MemoryDiagnoser]
public class SpanRedactionBenchmarks : IDisposable
{
    /// <summary>So few that they stay in the processor's cache, where a value is that was just made; so many that none is remembered when it comes again.</summary>
    private const int Variants = 1024;

    private readonly ActivitySource _plain = new("benchmarks.plain");
    private readonly ActivitySource _naive = new("benchmarks.naive");
    private readonly ActivitySource _redacted = new("benchmarks.redacted");
    private readonly ActivitySource _exported = new("benchmarks.exported");

    /// <summary>Attribute values no two spans share, so that nothing is remembered of them.</summary>
    private readonly string[] _paths = [.. Enumerable.Range(0, Variants).Select(static i => $"/orders/{i:x4}0c1e")];
    private readonly string[] _notes = [.. Enumerable.Range(0, Variants).Select(static i => $"order {i:x4} loaded")];
    private readonly string[] _agents = [.. Enumerable.Range(0, Variants).Select(static i => $"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.{i} (KHTML, like Gecko) Chrome/126.0 Safari/537.36")];
    private readonly string[] _statements = [.. Enumerable.Range(0, Variants).Select(static i => $"SELECT o.Id, o.Amount FROM Orders AS o WHERE o.TenantId = @tenant AND o.Id = @id{i}")];
    private TracerProvider? _plainProvider;
    private TracerProvider? _naiveProvider;
    private TracerProvider? _redactedProvider;
    private TracerProvider? _exportedProvider;
    private int _next;

    /// <summary>How many rules there are beside the built-in ones.</summary>
    [Params(0, 10, 100, 1000)]
    public int Rules { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _plainProvider = Sdk.CreateTracerProviderBuilder().AddSource(_plain.Name).AddProcessor(new Ignore()).Build();
        _naiveProvider = Sdk.CreateTracerProviderBuilder().AddSource(_naive.Name).AddProcessor(new NaiveRedactor()).AddProcessor(new Ignore()).Build();
        _redactedProvider = Sdk.CreateTracerProviderBuilder().AddSource(_redacted.Name).AddProcessor(new Ignore())
            .ConfigureServices(services => services.AddZeroTrust().AddRedaction(AddRules)).Build();
        _exportedProvider = Sdk.CreateTracerProviderBuilder().AddSource(_exported.Name).AddProcessor(new SimpleActivityExportProcessor(new Nowhere()))
            .ConfigureServices(services => services.AddZeroTrust().AddRedaction(AddRules)).Build();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _plain.Dispose();
        _naive.Dispose();
        _redacted.Dispose();
        _exported.Dispose();
        _plainProvider?.Dispose();
        _naiveProvider?.Dispose();
        _redactedProvider?.Dispose();
        _exportedProvider?.Dispose();
    }

    [Benchmark(Baseline = true, Description = "span, not redacted")]
    public void NotRedacted() => Record(_plain, "orders loaded", "10.0.0.7");

    [Benchmark(Description = "span, redacted, nothing found")]
    public void Clean() => Record(_redacted, "orders loaded", "10.0.0.7");

    /// <summary>With the last look in front of an exporter that does nothing.</summary>
    [Benchmark(Description = "span, redacted, nothing found, exported")]
    public void CleanAndExported() => Record(_exported, "orders loaded", "10.0.0.7");

    [Benchmark(Description = "span, redacted, nothing found, values never seen before")]
    public void CleanAndNew()
    {
        var i = _next = (_next + 1) & (Variants - 1);
        Record(_redacted, _notes[i], "10.0.0.7", _paths[i], _agents[i], _statements[i]);
    }

    [Benchmark(Description = "span, redacted, five values found")]
    public void Sensitive() => Record(_redacted, "mail to alice@example.com", "Password=hunter2", "/orders/1?customer=7", "paid with 4111 1111 1111 1111", "Bearer 0123456789abcdef");

    [Benchmark(Description = "span, five expressions, nothing found")]
    public void NaiveClean() => Record(_naive, "orders loaded", "10.0.0.7");

    [Benchmark(Description = "span, five expressions, five values found")]
    public void NaiveSensitive() => Record(_naive, "mail to alice@example.com", "Password=hunter2", "/orders/1?customer=7", "paid with 4111 1111 1111 1111", "Bearer 0123456789abcdef");

    private static void Record(
        ActivitySource source,
        string note,
        string peer,
        string path = "/orders/1a7c0c1e",
        string agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
        string statement = "SELECT o.Id, o.Amount FROM Orders AS o WHERE o.TenantId = @tenant AND o.Id = @id")
    {
        using var activity = source.StartActivity("GET /orders/{id}", ActivityKind.Server);
        activity!.SetTag("http.request.method", "GET")
            .SetTag("http.route", "/orders/{id}")
            .SetTag("http.response.status_code", 200)
            .SetTag("url.scheme", "https")
            .SetTag("url.path", path)
            .SetTag("server.address", "orders.example.test")
            .SetTag("server.port", 7001)
            .SetTag("network.protocol.version", "2")
            .SetTag("user_agent.original", agent)
            .SetTag("zerotrust.workload", "spiffe://example.test/gateway")
            .SetTag("zerotrust.listener", "mesh")
            .SetTag("db.system.name", "sqlite")
            .SetTag("db.query.text", statement)
            .SetTag("note", note)
            .SetTag("peer", peer);
    }

    private void AddRules(RedactionOptions options)
    {
        for (var i = 0; i < Rules; i++)
        {
            options.Rules.Add(new() { Key = (i % 3) switch { 0 => $"shop.key{i}", 1 => $"shop{i}.*", _ => $"*shop{i}.id" }, Action = RedactionAction.Erase });
        }
    }

    private sealed class Ignore : BaseProcessor<Activity>;

    private sealed class Nowhere : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch) => ExportResult.Success;
    }
}
