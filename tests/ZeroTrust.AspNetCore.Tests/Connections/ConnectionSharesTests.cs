using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using ZeroTrust.AspNetCore.Connections;

namespace ZeroTrust.AspNetCore.Tests.Connections;

/// <summary>Established connections: what gives way when a listener has as many as it may.</summary>
public sealed class ConnectionSharesTests
{
    private const string Other = "spiffe://example.test/reporting";

    private readonly List<ConnectionContext> _evicted = [];
    private readonly TaskCompletionSource _end = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void The_holder_of_most_gives_way_and_a_newcomer_does_not()
    {
        var shares = CreateShares(limit: 32);
        var early = Open(shares, "192.0.2.9");
        var hostile = Enumerable.Range(0, 100).Select(_ => Open(shares, "198.51.100.1")).ToArray();

        var late = Open(shares, "192.0.2.10");

        Assert.DoesNotContain(early, _evicted);
        Assert.DoesNotContain(late, _evicted);
        Assert.Equal(hostile.Take(_evicted.Count), _evicted);
    }

    [Fact]
    public void Peers_behind_one_address_do_not_pay_for_a_great_number_of_small_holders()
    {
        var shares = CreateShares(limit: 400);
        var small = Enumerable.Range(0, 400).Select(i => Open(shares, $"203.0.{i / 250}.{i % 250}")).ToArray();

        var peers = Enumerable.Range(0, 25).Select(_ => Open(shares, "192.0.2.9")).ToArray();

        Assert.Equal(small.Take(peers.Length), _evicted);
    }

    [Fact]
    public void An_idle_connection_gives_way_before_one_with_a_running_call()
    {
        var shares = CreateShares(limit: 2);
        var busy = Open(shares, "192.0.2.9");
        busy.Features.Get<HeldConnection>()!.BeginCall();
        var idle = Open(shares, "192.0.2.9");

        Open(shares, "192.0.2.9");

        Assert.Equal([idle], _evicted);
    }

    [Fact]
    public async Task A_connection_that_ended_gives_its_place_back()
    {
        var shares = CreateShares(limit: 1);
        for (var i = 0; i < 5; i++)
        {
            await shares.CarryAsync(ContextOf("192.0.2.9"), _ => Task.CompletedTask);
        }

        Open(shares, "192.0.2.10");

        Assert.Empty(_evicted);
    }

    /// <summary>A listed peer that opens connection after connection loses its own.</summary>
    [Fact]
    public async Task A_listed_peer_cannot_shut_another_out_by_the_number_of_its_connections()
    {
        using var mesh = new Mesh();
        var settings = TestHost.MeshListener();
        settings["ZeroTrust:Listeners:mesh:Peers:1"] = Other;
        settings["ZeroTrust:Listeners:mesh:MaxConnections"] = "3";
        await using var host = await TestHost.StartAsync(settings, mesh, use: app => app.MapGet("/", () => "ok").RequirePeer());
        using var greedy = mesh.Intermediate.Issue(Mesh.Client);
        using var modest = mesh.Intermediate.Issue(Other);
        var connections = 0;
        using var peer = Mesh.Connect(host.EndPoint("mesh"), modest, HttpVersion.Version20, _ => connections++);
        Assert.Equal("ok", await AskAsync(peer));
        var held = new List<HttpClient>();
        for (var i = 0; i < 12; i++)
        {
            held.Add(Mesh.Connect(host.EndPoint("mesh"), greedy, HttpVersion.Version20));
            Assert.Equal("ok", await AskAsync(held[i]));
        }

        Assert.Equal("ok", await AskAsync(peer));
        Assert.Equal(1, connections);
        await host.WaitForEventAsync("ConnectionEvicted");
        held.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_stranger_that_holds_connections_open_on_the_edge_keeps_no_user_out()
    {
        using var mesh = new Mesh();
        var settings = TestHost.EdgeListener();
        settings["ZeroTrust:Listeners:edge:MaxConnections"] = "3";
        await using var host = await TestHost.StartAsync(settings, mesh, use: app => app.MapGet("/", () => "ok").AllowPublic("test"));
        var held = new List<HttpClient>();
        for (var i = 0; i < 12; i++)
        {
            held.Add(Mesh.Connect(host.EndPoint("edge"), certificate: null));
            Assert.Equal("ok", await AskAsync(held[i]));
        }

        await host.WaitForEventAsync("ConnectionEvicted");
        held.ForEach(client => client.Dispose());
    }

    private static Task<string> AskAsync(HttpClient client) => client.GetStringAsync(new Uri("/", UriKind.Relative), Cancelled);

    private static DefaultConnectionContext ContextOf(string address) =>
        new() { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 40_000) };

    private ConnectionShares CreateShares(int limit) => new(limit, _evicted.Add);

    private DefaultConnectionContext Open(ConnectionShares shares, string address)
    {
        var connection = ContextOf(address);
        _ = shares.CarryAsync(connection, _ => _end.Task);
        return connection;
    }
}
