using System.Net.Security;
using ZeroTrust.Mtls.Client;
using ZeroTrust.Mtls.Tests.Counting;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;
using ZeroTrust.Tests.Support;

namespace ZeroTrust.Mtls.Tests;

/// <summary>What a client learns of a server that refuses it, or does not speak with it.</summary>
public sealed class MtlsRefusedByServerTests : IDisposable
{
    private readonly World _world = new();
    private readonly TestCertificate _orders;
    private readonly TestCertificate _billing;

    public MtlsRefusedByServerTests()
    {
        _orders = _world.Intermediate.Issue(World.Orders);
        _billing = _world.Intermediate.Issue(World.Billing);
    }

    public static MatrixTheoryData<string, string> Calls => new(["GET", "POST"], ["1.1", "2.0"]);

    private static PeerAllowList Others => new(WorkloadId.Parse("spiffe://example.test/other"));

    public void Dispose()
    {
        _billing.Dispose();
        _orders.Dispose();
        _world.Dispose();
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_server_that_closes_right_after_the_handshake_is_called_once_and_named(string method, string version)
    {
        await using var server = new CountingServer(_world.Tls(_billing), Others);
        using var client = new BoundClient(_world, _orders);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.SendAsync(HttpMethod.Parse(method), server.AddressOf(1, Cut.None), version));
        Assert.Equal(HttpRequestError.ResponseEnded, failure.HttpRequestError);
        Assert.Equal(
            $"The server closed the connection right after the handshake: it may have refused this workload's certificate ({World.Orders})."
                + (method == "POST" ? " Whether it executed the call is not known: POST is not idempotent, and was sent once." : ""),
            failure.Message);
        var rejection = RejectionException.FindIn(failure)!;
        Assert.Equal("mtls.closed_after_handshake", rejection.Code);
        Assert.Equal(RejectionKind.Unavailable, rejection.Kind);
        Assert.True(rejection.IsOutbound);
        Assert.Equal(method == "POST", failure.Data.Contains("zerotrust.may_be_executed"));
        Assert.Equal(1, server.Connections);
        Assert.Equal("mtls.closed_after_handshake", Assert.Single(client.Told("ServerUnanswered")).GetStructuredStateValue("error.type"));
    }

    [Fact]
    public async Task A_synchronous_call_learns_the_same()
    {
        await using var server = new CountingServer(_world.Tls(_billing), Others);
        using var client = new BoundClient(_world, _orders);
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);

        var failure = Assert.Throws<HttpRequestException>(() => client.Http.Send(request, TestContext.Current.CancellationToken));

        Assert.Equal("mtls.closed_after_handshake", RejectionException.FindIn(failure)?.Code);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_connection_that_was_answered_before_may_end_and_refuses_nobody()
    {
        await using var server = new CountingServer(_world.Tls(_billing), new PeerAllowList(WorkloadId.Parse(World.Orders)));
        using var client = new BoundClient(_world, _orders);
        await client.SendAsync(HttpMethod.Get, server.AddressOf(0, Cut.None), "1.1");

        var failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.SendAsync(HttpMethod.Post, server.AddressOf(1, Cut.Fin), "1.1"));

        Assert.Null(RejectionException.FindIn(failure));
        Assert.Empty(client.Told("ServerUnanswered"));
    }

    [Theory]
    [InlineData("GET", nameof(Cut.Fin))]
    [InlineData("GET", nameof(Cut.Rst))]
    [InlineData("POST", nameof(Cut.Fin))]
    [InlineData("POST", nameof(Cut.RawFin))]
    [InlineData("POST", nameof(Cut.Rst))]
    public async Task A_first_call_that_is_cut_at_once_is_named_and_is_not_one_to_try_again_unless_it_is_idempotent(string method, string cut)
    {
        await using var server = new CountingServer(_world.Tls(_billing), new PeerAllowList(WorkloadId.Parse(World.Orders)));
        using var client = new BoundClient(_world, _orders);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.SendAsync(HttpMethod.Parse(method), server.AddressOf(1, Enum.Parse<Cut>(cut), times: 9), "1.1", method == "POST" ? "body" : null));

        Assert.Equal("mtls.closed_after_handshake", RejectionException.FindIn(failure)?.Code);
        Assert.Equal(method == "POST", failure.Data.Contains("zerotrust.may_be_executed"));
        Assert.Equal(1, server.ExecutionsOf(1));
    }

    [Theory]
    [InlineData(nameof(Cut.Fin))]
    [InlineData(nameof(Cut.Rst))]
    public async Task A_connection_beside_one_that_is_served_refuses_nobody(string cut)
    {
        await using var server = new CountingServer(_world.Tls(_billing), new PeerAllowList(WorkloadId.Parse(World.Orders)));
        using var client = new BoundClient(_world, _orders);
        await using var busy = await MeshServer.StartAsync(_world.Tls(_billing), new PeerAllowList(WorkloadId.Parse(World.Orders)));
        busy.Answer = async context =>
        {
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        using var held = await client.OpenAsync(busy.Address, "1.1");

        var failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.SendAsync(HttpMethod.Post, server.AddressOf(1, Enum.Parse<Cut>(cut), times: 9), "1.1", "body"));

        Assert.Null(RejectionException.FindIn(failure));
        Assert.Empty(client.Told("ServerUnanswered"));
        Assert.Equal(1, server.ExecutionsOf(1));
    }

    [Fact]
    public async Task A_connection_that_ends_long_after_its_handshake_refuses_nobody()
    {
        await using var server = await MeshServer.StartAsync(_world.Tls(_billing), new PeerAllowList(WorkloadId.Parse(World.Orders)));
        using var client = new BoundClient(_world, _orders);
        server.Answer = context =>
        {
            _world.Clock.Advance(TimeSpan.FromSeconds(1.1));
            context.Abort();
            return Task.CompletedTask;
        };

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync(server.Address, "1.1"));

        Assert.Null(RejectionException.FindIn(failure));
        Assert.Empty(client.Told("ServerUnanswered"));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task An_alert_about_the_clients_certificate_is_a_refusal(string version)
    {
        using var foreign = TestCertificateAuthority.Create("foreign");
        await using var server = OpenSslServer.TryStart(_billing, foreign, "-alpn", "h2,http/1.1");
        Assert.SkipWhen(server is null, "openssl is not installed");
        using var client = new BoundClient(_world, _orders);
        await server.ListensAsync();

        var failure = await Assert.ThrowsAsync<RejectionException>(() => client.GetAsync(server.Address, version));

        Assert.Equal("mtls.refused_by_server", failure.Rejection.Code);
        Assert.Equal(RejectionKind.BadGateway, failure.Rejection.Kind);
        Assert.Equal(World.Orders, failure.Rejection.Presented);
        Assert.Contains("alert 48", failure.Rejection.Detail, StringComparison.Ordinal);
        Assert.Equal("mtls.refused_by_server", Assert.Single(client.Told("ServerUnanswered")).GetStructuredStateValue("error.type"));
    }

    [Theory]
    [InlineData(0x0A000418, 48)] // OpenSSL 3: tlsv1 alert unknown ca
    [InlineData(0x0A00045C, 116)]
    [InlineData(0x14094418, 48)] // OpenSSL 1.1, with a number of its function
    [InlineData(0x0A0000C6, null)]
    [InlineData(unchecked((int)0x80131500), null)]
    public void Alerts_are_read_from_the_errors_of_openssl(int error, int? alert) =>
        Assert.Equal(alert, TlsAlert.In(new IOException("outer", new IOException("inner", error))));

    [Fact]
    public async Task A_server_without_tls_is_told_as_that()
    {
        await using var server = new LoneServer(shown: null, SslApplicationProtocol.Http2);
        using var client = new BoundClient(_world, _orders);

        var failure = await Assert.ThrowsAsync<RejectionException>(() => client.GetAsync(server.Address));

        Assert.Equal("mtls.handshake_invalid", failure.Rejection.Code);
        Assert.Contains("plain HTTP", failure.Rejection.Detail, StringComparison.Ordinal);
        Assert.Single(client.Told("ServerRefused"));
    }

    [Fact]
    public async Task A_server_without_http_2_is_told_as_that()
    {
        await using var server = new LoneServer(_billing, SslApplicationProtocol.Http11);
        using var client = new BoundClient(_world, _orders);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(server.Address));

        Assert.Equal(HttpRequestError.VersionNegotiationError, failure.HttpRequestError);
        Assert.IsAssignableFrom<IOException>(failure.InnerException);
    }
}
