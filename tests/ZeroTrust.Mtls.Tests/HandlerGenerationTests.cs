using ZeroTrust.Mtls.Client;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests;

public sealed class HandlerGenerationTests : IDisposable
{
    private readonly World _world = new();
    private readonly TestCertificate _own;
    private readonly HandlerGeneration _generation;

    public HandlerGenerationTests()
    {
        _own = _world.Intermediate.Issue(World.Orders);
        _generation = new HandlerGeneration(_own.ToCredential(), anchors: null, new SocketsHttpHandler
        {
            ConnectCallback = (_, _) => throw new IOException("connected"),
        });
    }

    public void Dispose()
    {
        _own.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task It_serves_whoever_took_part_before_it_was_retired_and_ends_with_the_last()
    {
        Assert.True(_generation.TryRent());
        Assert.True(_generation.TryRent());
        _generation.Retire();
        Assert.False(_generation.TryRent());

        _generation.Return();
        await AssertConnectsAsync();

        _generation.Return();
        await Assert.ThrowsAsync<ObjectDisposedException>(SendAsync);
    }

    [Fact]
    public async Task Nobody_taking_part_ends_it_when_it_is_retired_and_only_then()
    {
        Assert.True(_generation.TryRent());
        _generation.Return();
        await AssertConnectsAsync();

        _generation.Retire();
        await Assert.ThrowsAsync<ObjectDisposedException>(SendAsync);
    }

    [Fact]
    public async Task It_is_retired_once()
    {
        Assert.True(_generation.TryRent());
        _generation.Retire();
        _generation.Retire();

        await AssertConnectsAsync();
    }

    private async Task AssertConnectsAsync()
    {
        var failure = await Assert.ThrowsAsync<HttpRequestException>(SendAsync);
        Assert.Equal("connected", failure.InnerException?.Message);
    }

    private async Task SendAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost/");
        using var response = await _generation.Invoker.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
