using System.Diagnostics.Metrics;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using ZeroTrust.Authz.AspNetCore.Diagnostics;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests;

/// <summary>What becomes of a call for each thing that can be wrong with its context. Each refusal stands beside what is accepted.</summary>
public sealed class ContextTableTests : IAsyncLifetime
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
    [InlineData("/orders")]
    [InlineData("/tenants/acme/orders")]
    [InlineData("/tenants/acme/profile")]
    [InlineData("/me")]
    [InlineData("/resources/acme")]
    [InlineData("/peer")]
    [InlineData("/headers")]
    public async Task A_valid_context_is_served(string path) =>
        Assert.Equal((200, string.Empty), await _client.AskAsync(Requests.Get(path, _gateway.Send())));

    [Theory]
    [InlineData("/orders")]
    [InlineData("/tenants/acme/orders")]
    [InlineData("/me")]
    public async Task An_absent_context_is_unauthenticated(string path) =>
        Assert.Equal((401, "authz.context_missing"), await _client.AskAsync(Requests.Get(path)));

    [Theory]
    [InlineData("/peer")]
    [InlineData("/headers")]
    public async Task An_absent_context_is_no_matter_where_none_is_needed(string path) =>
        Assert.Equal((200, string.Empty), await _client.AskAsync(Requests.Get(path)));

    [Fact]
    public async Task Plain_identity_headers_never_reach_the_handler_nor_stand_in_for_a_context()
    {
        Assert.Equal((401, "authz.context_missing"), await _client.AskAsync(Spoof(Requests.Get("/orders"))));

        using var served = await _client.SendAsync(Spoof(Requests.Get("/headers", _gateway.Send())), TestContext.Current.CancellationToken);
        var left = (await served.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split(' ');
        Assert.Equal(["Host"], left);

        static HttpRequestMessage Spoof(HttpRequestMessage request) => request
            .With("X-Tenant-ID", "acme").With("x-subject-id", "idp/root").With("X_Permissions", "orders:read").With("Txn-Debug", "1");
    }

    [Fact]
    public async Task A_spoofed_header_is_audited_and_an_honest_context_is_not()
    {
        await _client.AskAsync(Requests.Get("/orders", _gateway.Send()));
        Assert.DoesNotContain(_host.Logs.GetSnapshot(), record => record.Id.Name == "ContextHeaderStripped");

        await _client.AskAsync(Requests.Get("/orders", _gateway.Send()).With("X_Tenant_ID", "other"));

        var audit = Assert.Single(_host.Logs.GetSnapshot(), record => record.Id.Name == "ContextHeaderStripped");
        Assert.Contains("x-tenant-id", audit.Message, StringComparison.Ordinal);
        Assert.Contains("mesh", audit.Message, StringComparison.Ordinal);
        Assert.Contains(MeshHost.Gateway, audit.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("other", audit.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_call_is_logged_once_with_its_code()
    {
        await _client.AskAsync(Requests.Get("/orders"));

        var refusal = Assert.Single(_host.Logs.GetSnapshot(), record => record.Id.Name == "CallRefused");
        Assert.Contains("authz.context_missing", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Txn-Token")]
    [InlineData("txn_token")]
    [InlineData("Txn-Token-Bin")]
    public async Task A_second_value_in_any_spelling_is_malformed(string name)
    {
        var headers = _gateway.Send();
        Assert.Equal((400, "authz.header_duplicated"), await SendRawAsync(headers, $"{name}: {headers.Token}"));
        Assert.Equal((200, string.Empty), await SendRawAsync(headers, "X-Request-ID: 1"));
    }

    [Fact]
    public async Task Values_joined_by_a_comma_are_malformed()
    {
        var headers = _gateway.Send();
        var joined = new TxnHeaders(headers.Token, $"{headers.Chain}, {headers.Chain}", headers.Certs);
        Assert.Equal((400, "authz.header_duplicated"), await _client.AskAsync(Requests.Get("/orders", joined)));
    }

    [Fact]
    public async Task A_context_in_another_spelling_alone_is_absent()
    {
        var headers = _gateway.Send();
        var request = Requests.Get("/orders").With("Txn_Token", headers.Token).With("Txn_Chain", headers.Chain).With("Txn_Certs", headers.Certs);
        Assert.Equal((401, "authz.context_missing"), await _client.AskAsync(request));
    }

    [Fact]
    public async Task An_oversized_context_is_malformed_before_it_is_parsed()
    {
        var headers = _gateway.Send();
        var rest = headers.Token.Length + headers.Chain.Length;
        var fits = new TxnHeaders(headers.Token, headers.Chain, new string('A', TxnHeaders.MaxLength - rest));
        var large = new TxnHeaders(headers.Token, headers.Chain, new string('A', TxnHeaders.MaxLength - rest + 1));

        Assert.Equal((400, "authz.too_large"), await _client.AskAsync(Requests.Get("/orders", large)));
        Assert.Equal((401, "authz.signer_certificate_missing"), await _client.AskAsync(Requests.Get("/orders", fits)));
    }

    [Theory]
    [InlineData("/orders")]
    [InlineData("/peer")]
    [InlineData("/headers")]
    public async Task A_malformed_context_is_unauthenticated_on_every_endpoint(string path)
    {
        var headers = _gateway.Send();
        var malformed = new TxnHeaders("e30.e30.AA", headers.Chain, headers.Certs);
        Assert.Equal((401, "jose.algorithm_missing"), await _client.AskAsync(Requests.Get(path, malformed)));
    }

    [Fact]
    public async Task A_root_without_its_chain_is_unauthenticated()
    {
        var headers = _gateway.Send();
        var request = Requests.Get("/orders").With(TxnHeaderNames.Token, headers.Token).With(TxnHeaderNames.Certs, headers.Certs);
        Assert.Equal((401, "authz.chain_missing"), await _client.AskAsync(request));
    }

    [Fact]
    public async Task A_context_expires_after_its_lifetime_and_the_skew()
    {
        var headers = _gateway.Send();
        _host.Clock.Advance(TimeSpan.FromSeconds(124));
        Assert.Equal((200, string.Empty), await _client.AskAsync(Requests.Get("/orders", headers)));

        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((401, "authz.expired"), await _client.AskAsync(Requests.Get("/orders", headers)));
    }

    [Fact]
    public async Task A_captured_context_is_worth_nothing_to_another_peer()
    {
        using var thief = _host.Peer(MeshHost.Billing).Client();
        Assert.Equal((401, "authz.sender_mismatch"), await thief.AskAsync(Requests.Get("/orders", _gateway.Send())));
    }

    [Fact]
    public async Task A_context_addressed_to_another_workload_is_refused() =>
        Assert.Equal((401, "authz.not_addressed_here"), await _client.AskAsync(Requests.Get("/orders", _gateway.Send(to: MeshHost.Billing))));

    [Theory]
    [InlineData("/tenants/acme/orders", 200, "")]
    [InlineData("/tenants/globex/orders", 403, "authz.tenant_mismatch")]
    [InlineData("/tenants/ACME/orders", 403, "authz.tenant_mismatch")]
    [InlineData("/tenants/acme%20/orders", 403, "authz.tenant_mismatch")]
    [InlineData("/tenants/globex/profile", 403, "authz.tenant_mismatch")]
    [InlineData("/resources/acme", 200, "")]
    [InlineData("/resources/globex", 403, "authz.tenant_mismatch")]
    public async Task A_context_reaches_its_own_tenant_only(string path, int status, string code) =>
        Assert.Equal((status, code), await _client.AskAsync(Requests.Get(path, _gateway.Send())));

    [Theory]
    [InlineData("orders:read", 200, "")]
    [InlineData("orders:read orders:write", 200, "")]
    [InlineData("orders:write", 403, "authz.permission_missing")]
    [InlineData("", 403, "authz.permission_missing")]
    public async Task The_permission_is_held_or_the_call_is_forbidden(string permissions, int status, string code) =>
        Assert.Equal((status, code), await _client.AskAsync(Requests.Get("/orders", _gateway.Send(permissions: permissions))));

    [Fact]
    public async Task The_tenant_is_judged_before_the_permission() =>
        Assert.Equal((403, "authz.tenant_mismatch"), await _client.AskAsync(Requests.Get("/tenants/globex/orders", _gateway.Send(permissions: string.Empty))));

    [Fact]
    public async Task A_handler_that_asks_for_a_context_on_a_public_endpoint_fails_closed()
    {
        Assert.Equal((401, "authz.context_missing"), await _client.AskAsync(Requests.Get("/careless")));
        Assert.Equal((200, string.Empty), await _client.AskAsync(Requests.Get("/careless", _gateway.Send())));
    }

    [Fact]
    public async Task A_management_listener_reads_a_context_too()
    {
        using var client = _gateway.Client("management");
        Assert.Equal((200, string.Empty), await client.AskAsync(Requests.Get("/manage", _gateway.Send(permissions: "orders:write"))));
        Assert.Equal((403, "authz.permission_missing"), await client.AskAsync(Requests.Get("/manage", _gateway.Send())));
        Assert.Equal((401, "authz.context_missing"), await client.AskAsync(Requests.Get("/manage")));
    }

    [Fact]
    public async Task A_probe_listener_reads_no_context()
    {
        using var client = _host.Client("probe");
        using var left = await client.SendAsync(Requests.Get("/left", _gateway.Send()), TestContext.Current.CancellationToken);
        Assert.Equal("Host", await left.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Stripped_headers_are_counted_by_name_and_role()
    {
        using var stripped = new MetricCollector<long>(
            _host.Services.GetRequiredService<IMeterFactory>(), AuthzEndpointsTelemetry.MeterName, "zerotrust.authz.context_headers.stripped");
        await _client.AskAsync(Requests.Get("/headers").With("X_Tenant_ID", "acme"));

        var measured = Assert.Single(stripped.GetMeasurementSnapshot());
        Assert.Equal("x-tenant-id", measured.Tags["zerotrust.header"]);
        Assert.Equal("mesh", measured.Tags["zerotrust.listener.role"]);
    }

    [Fact]
    public async Task An_unknown_route_is_not_found_with_or_without_a_context()
    {
        Assert.Equal(404, (await _client.AskAsync(Requests.Get("/nowhere"))).Status);
        Assert.Equal(404, (await _client.AskAsync(Requests.Get("/nowhere", _gateway.Send()))).Status);
    }

    // HttpClient joins what is added twice; two header lines need a hand-written request.
    private async Task<(int Status, string Code)> SendRawAsync(TxnHeaders headers, string line)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var socket = new TcpClient();
        await socket.ConnectAsync(_host.EndPointOf("mesh"), cancellation);
        await using var tls = new SslStream(socket.GetStream());
        using var handler = _host.Handler(_gateway.Certificate);
        handler.SslOptions.TargetHost = "localhost";
        handler.SslOptions.ApplicationProtocols = [SslApplicationProtocol.Http11];
        await tls.AuthenticateAsClientAsync(handler.SslOptions, cancellation);
        await tls.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"GET /orders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTxn-Token: {headers.Token}\r\n{line}\r\n"
                + $"Txn-Chain: {headers.Chain}\r\nTxn-Certs: {headers.Certs}\r\n\r\n"),
            cancellation);
        using var reader = new StreamReader(tls, Encoding.ASCII);
        var answer = await reader.ReadToEndAsync(cancellation);
        var code = answer.Split("\"code\":\"") is [_, var rest] ? rest[..rest.IndexOf('"', StringComparison.Ordinal)] : string.Empty;
        return (int.Parse(answer.Split(' ')[1], provider: null), code);
    }
}
