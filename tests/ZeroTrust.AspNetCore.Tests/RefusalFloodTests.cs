using System.Net;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>
/// Refusals by the hundred, over real connections from many addresses, hide no refusal of another caller. The clock stands still: all are
/// of one second.
/// </summary>
public sealed class RefusalFloodTests
{
    private const int Attackers = 250;
    private const int Victim = 999;

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task A_refused_handshake_is_logged_while_250_addresses_flood()
    {
        using var mesh = new Mesh(_time);
        await using var host = await TestHost.StartAsync(TestHost.MeshListener(), mesh, time: _time);
        var endPoint = host.EndPoint("mesh");
        for (var round = 0; round < 2; round++)
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(1, Attackers), TestContext.Current.CancellationToken, async (number, _) => await FromAddress.AskAsync(endPoint, FromAddress.Loopback(number)));
        }

        var before = Count(host, "PeerRefused");
        Assert.InRange(before, 1, CallerBudgets.PerSecond + CallerBudgets.FirstsPerSecond);
        await FromAddress.AskAsync(endPoint, FromAddress.Loopback(Victim));

        await EventuallyAsync(() => Count(host, "PeerRefused") > before);
    }

    [Fact]
    public async Task A_refused_call_is_logged_while_250_addresses_flood_and_so_is_one_of_a_proved_peer()
    {
        using var mesh = new Mesh(_time);
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        var settings = TestHost.MeshListener();
        foreach (var (key, value) in TestHost.EdgeListener())
        {
            settings[key] = value;
        }

        await using var host = await TestHost.StartAsync(settings, mesh, time: _time);
        var edge = host.EndPoint("edge");
        await Parallel.ForEachAsync(
            Enumerable.Range(1, Attackers), TestContext.Current.CancellationToken, async (number, _) => await FromAddress.AskAsync(edge, FromAddress.Loopback(number), times: 3));
        var flooded = Count(host, "CallRefused");
        Assert.InRange(flooded, Attackers, CallerBudgets.PerSecond + CallerBudgets.FirstsPerSecond);

        await FromAddress.AskAsync(edge, FromAddress.Loopback(Victim), times: 2);
        Assert.Equal(flooded + 1, Count(host, "CallRefused"));
        using var peer = FromAddress.Connect(host.EndPoint("mesh"), FromAddress.Loopback(1), certificate);
        using var refused = await peer.GetAsync(new Uri("/nothing", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Contains(host.Logs.GetSnapshot(), record => record.Id.Name == "CallRefused" && record.GetStructuredStateValue("zerotrust.workload") == Mesh.Client);

        _time.Advance(TimeSpan.FromSeconds(1));
        var told = host.Logs.GetSnapshot().Where(record => record.Id.Name == "CallRefusalsSuppressed").ToList();
        Assert.Equal((3 * Attackers) + 2 - (flooded + 1), told.Sum(record => int.Parse(record.GetStructuredStateValue("Suppressed")!, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(told, record => Assert.Equal("edge", record.GetStructuredStateValue("Listener")));
        Assert.Equal(CallerBudgets.Named + 1, told.Count);
        Assert.Contains(told, record => record.GetStructuredStateValue("Caller") == "other addresses");
    }

    [Fact]
    public async Task What_a_proved_peer_floods_is_told_by_its_name_and_hides_no_other()
    {
        using var mesh = new Mesh(_time);
        const string Other = "spiffe://example.test/billing";
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        using var other = mesh.Intermediate.Issue(Other);
        var settings = TestHost.MeshListener();
        settings["ZeroTrust:Listeners:mesh:Peers:1"] = Other;
        await using var host = await TestHost.StartAsync(settings, mesh, time: _time);
        using var flooding = Mesh.Connect(host.EndPoint("mesh"), certificate);
        for (var i = 0; i < CallerBudgets.PerCaller + 30; i++)
        {
            using var refused = await flooding.GetAsync(new Uri("/nothing", UriKind.Relative), TestContext.Current.CancellationToken);
        }

        using var quiet = Mesh.Connect(host.EndPoint("mesh"), other);
        using var answer = await quiet.GetAsync(new Uri("/nothing", UriKind.Relative), TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(1));

        var refusals = host.Logs.GetSnapshot().Where(record => record.Id.Name == "CallRefused").ToList();
        Assert.Equal(CallerBudgets.PerCaller + 1, refusals.Count);
        Assert.Equal(Other, refusals[^1].GetStructuredStateValue("zerotrust.workload"));
        var told = Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "CallRefusalsSuppressed");
        Assert.Equal(Mesh.Client, told.GetStructuredStateValue("Caller"));
        Assert.Equal("30", told.GetStructuredStateValue("Suppressed"));
    }

    private static int Count(TestHost host, string name) => host.Logs.GetSnapshot().Count(record => record.Id.Name == name);

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), deadline.Token);
        }
    }
}
