using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests;

/// <summary>What is sent a second time when a connection breaks: on new connections only, and only what may be repeated.</summary>
public sealed class MtlsRetryTests : IDisposable
{
    private readonly World _world = new();
    private readonly TestCertificate _orders;
    private readonly TestCertificate _billing;
    private readonly MemoryPeerCredentialSource _credentials;

    public MtlsRetryTests()
    {
        _orders = _world.Intermediate.Issue(World.Orders);
        _billing = _world.Intermediate.Issue(World.Billing);
        _credentials = new MemoryPeerCredentialSource(_orders.ToCredential());
    }

    public static MatrixTheoryData<string, string> Idempotent => new(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"], ["1.1", "2.0"]);

    public void Dispose()
    {
        _billing.Dispose();
        _orders.Dispose();
        _world.Dispose();
    }

    [Theory]
    [MemberData(nameof(Idempotent))]
    public async Task An_idempotent_request_without_content_is_sent_again_after_a_rotation(string method, string version)
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        server.Answer = RotateAndBreakOnceAsync(server);

        await client.SendAsync(HttpMethod.Parse(method), server.Address, version);

        Assert.Equal(2, server.Requests.Count);
        Assert.Equal("rotation", Assert.Single(client.Told("CallRepeated")).GetStructuredStateValue("zerotrust.cause"));
    }

    [Theory]
    [InlineData("POST", "1.1", null)]
    [InlineData("POST", "2.0", null)]
    [InlineData("POST", "2.0", "body")]
    [InlineData("PATCH", "2.0", null)]
    [InlineData("PUT", "1.1", "body")]
    [InlineData("PUT", "2.0", "body")]
    public async Task Any_other_request_is_not(string method, string version, string? content)
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        server.Answer = RotateAndBreakOnceAsync(server);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(HttpMethod.Parse(method), server.Address, version, content));

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_call_that_is_not_idempotent_and_waits_for_100_Continue_is_not(string version)
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        server.Answer = RotateAndBreakOnceAsync(server);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address)
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { ExpectContinue = true },
        };

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.SendAsync(request, TestContext.Current.CancellationToken));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_stream_that_the_server_resets_is_its_answer_and_nothing_is_sent_again()
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        server.Answer = context =>
        {
            server.Answer = null;
            _credentials.Replace(_orders.ToCredential());
            context.Abort();
            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(server.Address));

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Without_a_rotation_nothing_is_sent_again(string version)
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        server.Answer = BreakAsync;

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(server.Address, version));

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_second_break_is_the_end_also_after_another_rotation(string version)
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        server.Answer = context => server.Requests.Count < 5 ? RotateAndBreakAsync(context) : Task.CompletedTask;

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(server.Address, version));

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task An_answer_is_the_end_whatever_it_says()
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        server.Answer = context =>
        {
            _credentials.Replace(_orders.ToCredential());
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        };

        Assert.Equal("", await client.GetAsync(server.Address));

        Assert.Single(server.Requests);
    }

    [Fact]
    public void A_synchronous_request_is_held_to_the_same()
    {
        using var client = new BoundClient(_world, _credentials);
        using var plain = new HttpRequestMessage(HttpMethod.Get, "http://localhost:1");
        using var nobody = new HttpRequestMessage(HttpMethod.Get, "https://localhost:1");

        Assert.Throws<InvalidOperationException>(() => client.Http.Send(plain, TestContext.Current.CancellationToken));
        Assert.Throws<HttpRequestException>(() => client.Http.Send(nobody, TestContext.Current.CancellationToken));
    }

    private static Task BreakAsync(HttpContext context)
    {
        context.Features.Get<IConnectionLifetimeFeature>()!.Abort();
        return Task.CompletedTask;
    }

    private Task RotateAndBreakAsync(HttpContext context)
    {
        _credentials.Replace(_orders.ToCredential());
        return BreakAsync(context);
    }

    private RequestDelegate RotateAndBreakOnceAsync(MeshServer server) => context =>
    {
        server.Answer = null;
        return RotateAndBreakAsync(context);
    };

    private Task<MeshServer> StartAsync() => MeshServer.StartAsync(_world.Tls(_billing), new PeerAllowList(WorkloadId.Parse(World.Orders)));
}
