using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace ZeroTrust.FuzzTests.Differential;

/// <summary>The command line of a differential run.</summary>
internal static class DifferentialCommand
{
    private const int DefaultChains = 100_000;
    private const int Cancelled = 130;
    private const int ShownFindings = 100;

    /// <summary>Runs and prints; 0 when every disagreement is explained, 1 when one is not, 130 when it was cancelled.</summary>
    public static int Run(string[] args)
    {
        var seed = Find(args, "--seed") is { } stated ? ulong.Parse(stated, CultureInfo.InvariantCulture) : (ulong)RandomNumberGenerator.GetInt32(int.MaxValue);
        var count = int.Parse(Find(args, "--chains") ?? $"{DefaultChains}", CultureInfo.InvariantCulture);
        var chains = Find(args, "--only") is { } only && int.Parse(only, CultureInfo.InvariantCulture) is var index ? index..(index + 1) : 0..count;
        using var cancellation = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            cancellation.Cancel();
        };

        Console.WriteLine($"seed {seed}, {chains.End.Value - chains.Start.Value} chains");
        var clock = Stopwatch.StartNew();
        var tally = new Tally(Find(args, "--show"));
        DifferentialRun.Run(seed, chains, tally, judged => Console.WriteLine($"  {judged} in {clock.Elapsed.TotalSeconds:0} s"), cancellation.Token);
        Print(tally, clock.Elapsed);
        return tally.Findings.Count > 0 ? 1 : cancellation.IsCancellationRequested ? Cancelled : 0;
    }

    private static string? Find(string[] args, string option)
    {
        var place = Array.IndexOf(args, option);
        return place >= 0 && place + 1 < args.Length ? args[place + 1] : null;
    }

    private static void Print(Tally tally, TimeSpan elapsed)
    {
        Console.WriteLine($"{tally.Judged} chains in {elapsed.TotalSeconds:0} s");
        Console.WriteLine($"  both accept        {tally.BothAccept}");
        Console.WriteLine($"  both refuse        {tally.BothRefuse}");
        Print("we refuse alone", tally.RefusedByUsOnly);
        Print("we accept alone", tally.AcceptedByUsOnly);
        foreach (var rule in DisagreementRules.All)
        {
            Console.WriteLine($"  {rule.Name}: {rule.Reason}");
        }

        foreach (var finding in tally.Examples.Take(ShownFindings).Concat(tally.Findings.Take(ShownFindings)))
        {
            Console.WriteLine();
            Console.WriteLine(finding);
        }

        Console.WriteLine($"{tally.Findings.Count} findings");
    }

    private static void Print(string title, IReadOnlyDictionary<string, int> counts)
    {
        Console.WriteLine($"  {title,-18} {counts.Values.Sum()}");
        foreach (var (name, count) in counts.OrderByDescending(pair => pair.Value))
        {
            Console.WriteLine($"    {count,7} {name}");
        }
    }
}
