using System.Globalization;

namespace ZeroTrust.AttackTests;

/// <summary>Runs attacks one after the other, each against a new server, and counts the peers that are served before, during and after.</summary>
internal static class Campaign
{
    // One of 25 may lose a call to the machine.
    private const int Wanted = Peers.Count - 1;
    private const int QuietRounds = 2;

    private static readonly TimeSpan RoundInterval = TimeSpan.FromMilliseconds(500);

    public static async Task<int> RunAsync(IReadOnlyList<AttackCase> cases, int seconds)
    {
        var folder = Directory.CreateTempSubdirectory("zerotrust-attack").FullName;
        try
        {
            TestMesh.WriteTo(folder);
            Console.WriteLine("| listener | attack | sockets | addresses | before | during, worst of | slowest call | after | attacker's connections | server: CPU, memory |");
            Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|");
            var held = true;
            foreach (var attack in cases)
            {
                held &= await RunAsync(attack, folder, TimeSpan.FromSeconds(seconds));
            }

            Console.WriteLine(held ? $"At least {Wanted} of {Peers.Count} peers were served throughout." : "Peers were shut out.");
            return held ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static int Explain()
    {
        Console.Error.WriteLine("short | full | one <seconds> <mesh|edge> <Silent|Drip|Replay|Refused> <sockets> <addresses>");
        return 2;
    }

    private static async Task<bool> RunAsync(AttackCase attack, string folder, TimeSpan length)
    {
        using var deadline = new CancellationTokenSource(length + TimeSpan.FromMinutes(2));
        await using var server = ChildProcess.Start("server", folder);
        var ports = (await server.ReadAsync(deadline.Token)).Split(' ');
        var port = attack.Listener == "mesh" ? ports[0] : ports[1];
        await using var peers = ChildProcess.Start("peers", port, folder);
        var before = await WorstAsync(peers, QuietRounds, deadline.Token);
        var processor = server.Processor;
        Round during;
        string opened;
        await using (var attacker = ChildProcess.Start("attacker", port, attack.Kind, attack.Sockets, attack.Addresses))
        {
            await UntilOpenAsync(attacker, attack.Sockets, deadline.Token);
            during = await WorstAsync(peers, length, deadline.Token);
            opened = await attacker.AskAsync("?", deadline.Token);
        }

        processor = server.Processor - processor;
        var after = await WorstAsync(peers, QuietRounds, deadline.Token);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {attack.Listener} | {attack.Kind} | {attack.Sockets} | {attack.Addresses} | {before.Served} | {during.Served}, {during.Count} rounds | {during.Slowest} ms | {after.Served} | {opened} | {processor.TotalSeconds:F1} s, {server.PeakMegabytes} MB |"));
        return Math.Min(during.Served, after.Served) >= Wanted;
    }

    // The rounds begin with all sockets open, or with as many as the server let in within two seconds of the attack's pace.
    private static async Task UntilOpenAsync(ChildProcess attacker, int sockets, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (int.Parse(await attacker.AskAsync("?", cancellationToken), CultureInfo.InvariantCulture) < sockets
            && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(8))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    private static async Task<Round> WorstAsync(ChildProcess peers, int rounds, CancellationToken cancellationToken)
    {
        var worst = new Round(Peers.Count, 0, 0);
        for (var i = 0; i < rounds; i++)
        {
            worst = worst.Or(await RoundAsync(peers, cancellationToken));
        }

        return worst;
    }

    private static async Task<Round> WorstAsync(ChildProcess peers, TimeSpan length, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        var worst = new Round(Peers.Count, 0, 0);
        do
        {
            worst = worst.Or(await RoundAsync(peers, cancellationToken));
            await Task.Delay(RoundInterval, cancellationToken);
        }
        while (TimeProvider.System.GetElapsedTime(began) < length);
        return worst;
    }

    private static async Task<Round> RoundAsync(ChildProcess peers, CancellationToken cancellationToken)
    {
        var numbers = (await peers.AskAsync("round", cancellationToken)).Split(' ');
        return new Round(int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(numbers[1], CultureInfo.InvariantCulture), 1);
    }

    private sealed record Round(int Served, int Slowest, int Count)
    {
        public Round Or(Round other) => new(Math.Min(Served, other.Served), Math.Max(Slowest, other.Slowest), Count + other.Count);
    }
}
