using System.Globalization;
using ZeroTrust.AttackTests;

namespace ZeroTrust.HostBenchmarks;

/// <summary>Runs each variant in processes of its own, in turns, and reads what processor time the host took for its calls.</summary>
internal static class Campaign
{
    private const int FirstCalls = 20_000;
    private const int WarmUpCalls = 100_000;
    private const int Calls = 40_000;
    private const int Samples = 3;

    public static async Task<int> RunAsync(IReadOnlyList<HostVariant> variants, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("zerotrust-host").FullName;
        try
        {
            TestMesh.WriteTo(folder);
            var processes = variants.ToDictionary(static variant => variant, static _ => new List<ProcessSample>());
            for (var round = 0; round < rounds; round++)
            {
                foreach (var variant in variants)
                {
                    processes[variant].Add(await MeasureAsync(variant, folder));
                }
            }

            Console.WriteLine(
                "| host | CPU a call | lowest – highest | of it system | allocated a call | spans exported a call | CPU a call of the first 20,000 |");
            Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
            foreach (var variant in variants)
            {
                Console.WriteLine(Row(variant, processes[variant]));
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static int Explain()
    {
        Console.Error.WriteLine($"(nothing) | only <rounds> <{string.Join('|', Enum.GetNames<HostVariant>())}>...");
        return 2;
    }

    private static async Task<ProcessSample> MeasureAsync(HostVariant variant, string folder)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var stop = deadline.Token;
        await using var sink = ChildProcess.Start("sink");
        await using var host = ChildProcess.Start("server", variant, await sink.ReadAsync(stop), folder);
        await using var load = ChildProcess.Start("load", variant, await host.ReadAsync(stop), folder);
        var first = await SampleAsync(host, load, sink, FirstCalls, stop);
        await load.AskAsync(Text(WarmUpCalls), stop);
        List<Sample> samples = [];
        for (var i = 0; i < Samples; i++)
        {
            samples.Add(await SampleAsync(host, load, sink, Calls, stop));
        }

        return new ProcessSample(first, samples);
    }

    private static async Task<Sample> SampleAsync(
        ChildProcess host, ChildProcess load, ChildProcess sink, int calls, CancellationToken stop)
    {
        var (user, system) = (host.UserProcessor, host.SystemProcessor);
        var (allocated, spans) = (await NumberAsync(host, stop), await NumberAsync(sink, stop));
        await load.AskAsync(Text(calls), stop);
        (user, system) = (host.UserProcessor - user, host.SystemProcessor - system);
        (allocated, spans) = (await NumberAsync(host, stop) - allocated, await NumberAsync(sink, stop) - spans);
        return new Sample(
            (user + system).TotalMicroseconds / calls, system.TotalMicroseconds / calls, (double)allocated / calls, (double)spans / calls);
    }

    private static async Task<long> NumberAsync(ChildProcess child, CancellationToken cancellationToken) =>
        long.Parse(await child.AskAsync("?", cancellationToken), CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Row(HostVariant variant, List<ProcessSample> processes)
    {
        List<Sample> warm = [.. processes.SelectMany(static process => process.Warm)];
        List<Sample> first = [.. processes.Select(static process => process.First)];
        var (lowest, highest) = (warm.Min(static sample => sample.Processor), warm.Max(static sample => sample.Processor));
        var (processor, system) = (Median(warm, static sample => sample.Processor), Median(warm, static sample => sample.System));
        var (allocated, spans) = (Median(warm, static sample => sample.Allocated) / 1024, Median(warm, static sample => sample.Spans));
        var atFirst = Median(first, static sample => sample.Processor);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {variant} | {processor:F1} μs | {lowest:F1} – {highest:F1} | {system:F1} μs | {allocated:F1} KB | {spans:F2} | {atFirst:F0} μs |");
    }

    private static double Median(List<Sample> samples, Func<Sample, double> value) =>
        samples.Select(value).Order().ElementAt(samples.Count / 2);

    private sealed record Sample(double Processor, double System, double Allocated, double Spans);

    private sealed record ProcessSample(Sample First, List<Sample> Warm);
}
