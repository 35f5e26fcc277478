using System.Globalization;

namespace ZeroTrust.AttackTests;

/// <summary>
/// Runs attacks one after the other, each against a new server, and counts the peers that are served before, during and after.
/// </summary>
internal static class Campaign
{
    // One of 25 may lose a call to the machine.
    private const int Wanted = Peers.Count - 1;
    private const int QuietRounds = 2;

    // Longer than the answer to a peer that is gone may take.
    private static readonly TimeSpan LeavingTime = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RoundInterval = TimeSpan.FromMilliseconds(500);

    public static async Task<int> RunAsync(IReadOnlyList<AttackCase> cases, int seconds)
    {
        var folder = Directory.CreateTempSubdirectory("zerotrust-attack").FullName;
        try
        {
            TestMesh.WriteTo(folder);
            Console.WriteLine(
                "| listener | attack | sockets | addresses | before | during, worst of | slowest call "
                + "| after, left | attacker's connections | server: CPU, memory | CPU of one: server, attacker |");
            Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
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
        var kinds = string.Join('|', Enum.GetNames<AttackKind>());
        Console.Error.WriteLine($"short | full | cost | one <seconds> <mesh|edge> <{kinds}> <sockets> <addresses>");
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
        int opened;
        TimeSpan attackers;
        await using (var attacker = ChildProcess.Start("attacker", port, attack.Kind, attack.Sockets, attack.Addresses))
        {
            await UntilOpenAsync(attacker, attack.Sockets, deadline.Token);
            during = await WorstAsync(peers, length, deadline.Token);
            opened = Number(await attacker.AskAsync("?", deadline.Token));
            attackers = attacker.Processor;
        }

        processor = server.Processor - processor;
        var quiet = server.Processor;
        var after = await WorstAsync(peers, QuietRounds, deadline.Token);
        var own = processor - ((server.Processor - quiet) * during.Count / QuietRounds);
        var left = await LeftAsync(server, deadline.Token);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {attack.Listener} | {attack.Kind} | {attack.Sockets} | {attack.Addresses} | {before.Served} "
            + $"| {during.Served}, {during.Count} rounds | {during.Slowest} ms | {after.Served}, {left} | {opened} "
            + $"| {processor.TotalSeconds:F1} s, {server.PeakMegabytes} MB "
            + $"| {own.TotalMilliseconds / opened:F1} ms, {attackers.TotalMilliseconds / opened:F1} ms |"));
        return Math.Min(during.Served, after.Served) >= Wanted && left == 0;
    }

    // What the attacker left behind holds its permit for as long as the server does.
    private static async Task<int> LeftAsync(ChildProcess server, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        int left;
        while ((left = Number(await server.AskAsync("?", cancellationToken))) > 0
            && TimeProvider.System.GetElapsedTime(began) < LeavingTime)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }

        return left;
    }

    // The rounds begin with all sockets open, or with as many as the server let in within two seconds of the attack's pace.
    private static async Task UntilOpenAsync(ChildProcess attacker, int sockets, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (Number(await attacker.AskAsync("?", cancellationToken)) < sockets
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
        return new Round(Number(numbers[0]), Number(numbers[1]), 1);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Round(int Served, int Slowest, int Count)
    {
        public Round Or(Round other) => new(Math.Min(Served, other.Served), Math.Max(Slowest, other.Slowest), Count + other.Count);
    }
}
