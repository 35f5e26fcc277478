using System.Globalization;

namespace ZeroTrust.AttackTests;

/// <summary>What one refused connection costs the server, and the attacker who asks for as much as it gets.</summary>
internal static class Cost
{
    private const int Sockets = 16;
    private const int WarmUp = 32;
    private const int Connections = 96;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(25);

    private static readonly AttackKind[] Kinds =
        [AttackKind.Refused, AttackKind.RefusedHead, AttackKind.RefusedStreams, AttackKind.RefusedPings, AttackKind.RefusedBytes];

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("zerotrust-attack").FullName;
        try
        {
            TestMesh.WriteTo(folder);
            Console.WriteLine("| attack | connections | CPU of one: server | CPU of one: attacker | server: memory |");
            Console.WriteLine("|---|---:|---:|---:|---:|");
            foreach (var kind in Kinds)
            {
                await RunAsync(kind, folder);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(AttackKind kind, string folder)
    {
        using var deadline = new CancellationTokenSource(2 * Longest);
        await using var server = ChildProcess.Start("server", folder);
        var port = (await server.ReadAsync(deadline.Token)).Split(' ')[0];
        await using var attacker = ChildProcess.Start("attacker", port, kind, Sockets, 1);
        var first = await UntilAsync(attacker, WarmUp, deadline.Token);
        var (servers, attackers) = (server.Processor, attacker.Processor);
        var connections = await UntilAsync(attacker, first + Connections, deadline.Token) - first;
        (servers, attackers) = ((server.Processor - servers) / connections, (attacker.Processor - attackers) / connections);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {kind} | {connections} | {servers.TotalMilliseconds:F1} ms | {attackers.TotalMilliseconds:F1} ms "
            + $"| {server.PeakMegabytes} MB |"));
    }

    private static async Task<int> UntilAsync(ChildProcess attacker, int connections, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        int opened;
        while ((opened = int.Parse(await attacker.AskAsync("?", cancellationToken), CultureInfo.InvariantCulture)) < connections
            && TimeProvider.System.GetElapsedTime(began) < Longest)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }

        return opened;
    }
}
