using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests;

/// <summary>The context guard's refusals judge the call, and are not marked as refusals of the connection.</summary>
public sealed class UnmarkedContextTests : IAsyncLifetime
{
    private MeshHost _host = null!;
    private MeshPeer _gateway = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await MeshHost.StartAsync(OrdersService.Map);
        _gateway = _host.Peer(MeshHost.Gateway);
        _client = _gateway.Client();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("/orders", null, 401)]
    [InlineData("/orders", "", 403)]
    [InlineData("/tenants/globex/orders", "orders:read", 403)]
    [InlineData("/careless", null, 401)]
    [InlineData("/orders", "orders:read", 200)]
    public async Task An_answer_on_a_good_connection_is_not_marked(string path, string? permissions, int status)
    {
        using var request = permissions is null ? Requests.Get(path) : Requests.Get(path, _gateway.Send(permissions: permissions));

        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.DoesNotContain(answer.Headers, header => header.Key is "ZeroTrust-Refused" or "X-Accel-Redirect");
    }
}
