using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.Grpc.Tests;

/// <summary>A gRPC method that is an HTTP endpoint too keeps its decision there, and answers in the words of HTTP.</summary>
public sealed class JsonTranscodingTests : IAsyncLifetime
{
    private LedgerFixture _ledger = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _ledger = await LedgerFixture.StartAsync(configure: builder => builder.Services.AddGrpc().AddJsonTranscoding());
        _client = _ledger.Gateway.Client();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _ledger.DisposeAsync();
    }

    [Theory]
    [InlineData("/ledger/1")]
    [InlineData("/tenants/acme/ledger")]
    public async Task A_call_with_a_context_is_served_as_json(string path)
    {
        using var response = await _client.SendAsync(Requests.Get(path, _ledger.Gateway.Send()), TestContext.Current.CancellationToken);

        Assert.Equal((200, "application/json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.StartsWith("{\"text\":\"acme", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_refused_before_its_method_is_a_problem()
    {
        Assert.Equal((401, "authz.context_missing"), await _client.AskAsync(Requests.Get("/ledger/1")));
        Assert.Equal((403, "authz.permission_missing"), await _client.AskAsync(Requests.Get("/ledger/1", _ledger.Gateway.Send(permissions: "orders:write"))));
    }

    [Fact]
    public async Task A_call_refused_by_its_method_is_forbidden()
    {
        using var response = await _client.SendAsync(Requests.Get("/tenants/globex/ledger", _ledger.Gateway.Send()), TestContext.Current.CancellationToken);
        Assert.Equal(403, (int)response.StatusCode);
        Assert.Equal("authz.tenant_mismatch", (await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("message").GetString());
    }
}
