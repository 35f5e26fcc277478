using Microsoft.AspNetCore.Http;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;
using ZeroTrust.Tests.Support;

namespace ZeroTrust.Mtls.Tests;

/// <summary>How long a client waits for the code in a refusal of its connection, by a clock that stands still.</summary>
public sealed class MtlsRefusedContentTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly WatchedTime _time = new(World.Start);
    private readonly World _world;
    private readonly TestCertificate _orders;
    private readonly TestCertificate _billing;

    public MtlsRefusedContentTests()
    {
        _world = new World(_time);
        _orders = _world.Intermediate.Issue(World.Orders);
        _billing = _world.Intermediate.Issue(World.Billing);
    }

    public void Dispose()
    {
        _billing.Dispose();
        _orders.Dispose();
        _world.Dispose();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_code_that_does_not_come_is_waited_for_a_second(string version)
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _orders);
        var content = RefuseSlowly(server);
        var call = Assert.ThrowsAsync<RejectionException>(() => client.GetAsync(server.Address, version));
        await _time.SetAsync(Second);

        _time.Advance(Second);

        var refused = await call.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        content.SetResult();
        Assert.Equal("mtls.refused_by_server", refused.Rejection.Code);
        Assert.EndsWith("with the answer 403.", refused.Rejection.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_code_that_comes_within_it_is_read(string version)
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _orders);
        var content = RefuseSlowly(server);
        var call = Assert.ThrowsAsync<RejectionException>(() => client.GetAsync(server.Address, version));
        await _time.SetAsync(Second);

        _time.Advance(Second - TimeSpan.FromMilliseconds(1));
        content.SetResult();

        var refused = await call.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.EndsWith("with the answer 403 mtls.peer_not_listed.", refused.Rejection.Detail, StringComparison.Ordinal);
    }

    /// <returns>What lets the content follow.</returns>
    private static TaskCompletionSource RefuseSlowly(MeshServer server)
    {
        var content = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Answer = async context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.Response.Headers["ZeroTrust-Refused"] = "connection";
            await context.Response.Body.FlushAsync();
            await content.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("""{"code":"mtls.peer_not_listed"}""");
        };
        return content;
    }

    private Task<MeshServer> StartAsync() => MeshServer.StartAsync(_world.Tls(_billing), new PeerAllowList(WorkloadId.Parse(World.Orders)));
}
