using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests;

/// <summary>A key that cannot be had is nobody's fault who calls: they are asked to come again, and served as soon as it is there.</summary>
public sealed class KeySourceDownTests
{
    [Fact]
    public async Task The_caller_is_asked_to_come_again_until_the_key_is_there()
    {
        using var outside = new OutsideService();
        await using var host = await MeshHost.StartAsync(OrdersService.Map, outside.Configure);
        var gateway = host.Peer(MeshHost.Gateway);
        using var client = gateway.Client();
        var headers = outside.Send(gateway, host.Clock.GetUtcNow());

        using var refused = await client.SendAsync(Requests.Get("/orders", headers), TestContext.Current.CancellationToken);
        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        Assert.Equal((503, "authz.token_service_keys_unavailable"), await client.AskAsync(Requests.Get("/orders", headers)));
        Assert.Equal((200, string.Empty), await client.AskAsync(Requests.Get("/orders", gateway.Send())));

        outside.Publish();
        Assert.Equal((200, string.Empty), await client.AskAsync(Requests.Get("/orders", headers)));
    }
}
