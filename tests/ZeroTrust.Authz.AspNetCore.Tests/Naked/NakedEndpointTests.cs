using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Naked;

/// <summary>Whatever was forgotten, nothing that nobody decided about is served: the host does not start, or the call is refused.</summary>
public sealed class NakedEndpointTests : IDisposable
{
    private readonly NakedCases _cases = new();

    public static TheoryData<string> Names
    {
        get
        {
            using var cases = new NakedCases();
            return [.. cases.All().Select(item => item.Name)];
        }
    }

    public void Dispose() => _cases.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_is_not_served(string name)
    {
        var naked = Assert.Single(_cases.All(), item => item.Name == name);
        if (naked.StopsTheHost)
        {
            var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(naked));
            Assert.Contains("Every endpoint carries exactly one decision", refusal.Message, StringComparison.Ordinal);
            return;
        }

        await using var host = await StartAsync(naked);
        naked.Late?.Invoke();
        await using var gateway = host.Peer(MeshHost.Gateway);
        using var peer = gateway.Client();
        using var anybody = host.Client("edge");
        await AssertNotServedAsync(peer, naked);
        await AssertNotServedAsync(anybody, naked);
        Assert.True(naked.MayRun || _cases.Runs == 0, "It ran.");
    }

    [Fact]
    public void There_are_enough_of_them() => Assert.True(Names.Count >= 40, $"{Names.Count} cases");

    private static Task<MeshHost> StartAsync(NakedCase naked) => MeshHost.StartAsync(naked.Map, naked.Configure, naked.Pipeline);

    private static async Task AssertNotServedAsync(HttpClient client, NakedCase naked)
    {
        using var response = await client.GetAsync(new Uri(naked.Path, UriKind.Relative), TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode >= 400, $"{(int)response.StatusCode} {body}");
        Assert.DoesNotContain(NakedCases.Canary, body, StringComparison.Ordinal);
    }
}
