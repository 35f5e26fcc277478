using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using OpenTelemetry;
using OpenTelemetry.Trace;
using ZeroTrust.Redaction;

namespace ZeroTrust.Benchmarks;

/// <summary>Whether the cost of a text made to be slow grows with its length alone: as many characters in many texts and in one.</summary>
public class HostileTextBenchmarks : IDisposable
{
    private const int Characters = 100_000;
    private const int Texts = 50;

    private readonly ActivitySource _source = new("benchmarks.hostile");
    private TracerProvider? _provider;
    private string _long = "";
    private string _short = "";

    /// <summary>What the text repeats.</summary>
    [Params("a", "1", "@", "a@b.", "password=", "eyJ", "://a:", "fm2_-", "4111-1111 ", "Bearer ", "-----BEGIN ", "'a\\'", "(\"a\",", "$a$$b$")]
    public string Bait { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _provider = Sdk.CreateTracerProviderBuilder().AddSource(_source.Name).AddProcessor(new Ignore())
            .ConfigureServices(static services => services.AddZeroTrust().AddRedaction(static options => options.Rules = [new() { Key = "statement", Action = RedactionAction.StripLiterals }]))
            .Build();
        _long = string.Concat(Enumerable.Repeat(Bait, Characters / Bait.Length));
        _short = _long[..(Characters / Texts)];
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _source.Dispose();
        _provider?.Dispose();
    }

    [Benchmark(Baseline = true, Description = "50 texts of 2,000 characters")]
    public void Many()
    {
        for (var i = 0; i < Texts; i++)
        {
            Record(_short);
        }
    }

    [Benchmark(Description = "one text of 100,000 characters")]
    public void One() => Record(_long);

    private void Record(string text)
    {
        using var activity = _source.StartActivity("hostile");
        activity!.SetTag("text", text).SetTag("statement", text);
    }

    private sealed class Ignore : BaseProcessor<Activity>;
}
