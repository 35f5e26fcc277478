using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Reached;

/// <summary>However a call gets to an endpoint, its delegate runs only when its own decision accepts the caller.</summary>
public sealed class ReachedEndpointTests
{
    private readonly ReachedCases _cases = new();

    public static TheoryData<string> Names => [.. new ReachedCases().All().Select(item => item.Name)];

    public static TheoryData<string> NamesOfRefused =>
        [.. new ReachedCases().All().Where(item => !item.ServesThePermitted).Select(item => item.Name)];

    public static TheoryData<string> NamesOfServed =>
        [.. new ReachedCases().All().Where(item => item.ServesThePermitted).Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_does_not_run_for_a_caller_without_the_permission(string name)
    {
        var reached = Find(name);
        await using var host = await MeshHost.StartAsync(reached.Map, reached.Configure, reached.Pipeline);
        var gateway = host.Peer(MeshHost.Gateway);
        using var peer = gateway.Client();
        using var stranger = host.Client("edge");

        await AssertNotServedAsync(stranger, Requests.Get(reached.Path));
        await AssertNotServedAsync(peer, Requests.Get(reached.Path));
        await AssertNotServedAsync(peer, Requests.Get(reached.Path, gateway.Send(permissions: "orders:write")));
        Assert.Equal(0, _cases.Runs);
    }

    [Theory]
    [MemberData(nameof(NamesOfServed))]
    public async Task It_runs_for_a_caller_with_the_permission(string name)
    {
        var reached = Find(name);
        await using var host = await MeshHost.StartAsync(reached.Map, reached.Configure, reached.Pipeline);
        var gateway = host.Peer(MeshHost.Gateway);
        using var peer = gateway.Client();
        using var response = await peer.SendAsync(Requests.Get(reached.Path, gateway.Send()), TestContext.Current.CancellationToken);

        Assert.Equal(ReachedCases.Canary, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(_cases.Runs > 0, "It did not run.");
    }

    [Theory]
    [MemberData(nameof(NamesOfRefused))]
    public async Task It_does_not_run_for_the_permission_where_other_things_are_missing(string name)
    {
        var reached = Find(name);
        await using var host = await MeshHost.StartAsync(reached.Map, reached.Configure, reached.Pipeline);
        var gateway = host.Peer(MeshHost.Gateway);
        using var peer = gateway.Client();

        await AssertNotServedAsync(peer, Requests.Get(reached.Path, gateway.Send()));
        Assert.Equal(0, _cases.Runs);
    }

    private static async Task AssertNotServedAsync(HttpClient client, HttpRequestMessage request)
    {
        using var asked = request;
        using var response = await client.SendAsync(asked, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode >= 400, $"{(int)response.StatusCode} {body}");
        Assert.DoesNotContain(ReachedCases.Canary, body, StringComparison.Ordinal);
    }

    private ReachedCase Find(string name) => Assert.Single(_cases.All(), item => item.Name == name);
}
