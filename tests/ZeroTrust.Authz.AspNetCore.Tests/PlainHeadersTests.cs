using Microsoft.Extensions.Configuration;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests;

/// <summary>The plain headers of a peer that code lists stand for a context; everybody else's are removed unread.</summary>
public sealed class PlainHeadersTests : IAsyncLifetime
{
    private MeshHost _host = null!;
    private MeshPeer _billing = null!;
    private MeshPeer _gateway = null!;
    private HttpClient _listed = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await MeshHost.StartAsync(OrdersService.Map, builder =>
        {
            builder.Configuration.AddInMemoryCollection([.. Grant(1, MeshHost.Orders), .. Grant(2, MeshHost.Billing)]);
            builder.Services.AddZeroTrust().DangerousAuthz(dangers => dangers.AcceptPlainHeaders(MeshHost.Billing, "it cannot sign yet"));
        });
        _gateway = _host.Peer(MeshHost.Gateway);
        _billing = _host.Peer(MeshHost.Billing);
        _listed = _billing.Client();
    }

    public async ValueTask DisposeAsync()
    {
        _listed.Dispose();
        await _billing.DisposeAsync();
        await _gateway.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_listed_peer_acts_within_its_grant()
    {
        Assert.Equal((200, string.Empty), await _listed.AskAsync(Plain("/orders")));
        Assert.Equal((200, string.Empty), await _listed.AskAsync(Plain("/tenants/acme/orders")));
        Assert.Equal((403, "authz.tenant_mismatch"), await _listed.AskAsync(Plain("/tenants/globex/orders")));
        Assert.Equal((403, "authz.mint_tenant_not_granted"), await _listed.AskAsync(Plain("/orders", tenant: "globex")));
        Assert.Equal((403, "authz.mint_permission_not_granted"), await _listed.AskAsync(Plain("/orders", permissions: "orders:write")));
        Assert.Equal((403, "authz.permission_missing"), await _listed.AskAsync(Plain("/orders", permissions: string.Empty)));
    }

    [Fact]
    public async Task The_headers_are_removed_before_anything_reads_them()
    {
        using var response = await _listed.SendAsync(Plain("/headers"), TestContext.Current.CancellationToken);

        Assert.Equal("Host", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("X-Tenant-ID")]
    [InlineData("X-Subject-ID")]
    [InlineData("X-Permissions")]
    public async Task All_three_are_needed(string missing)
    {
        var request = Plain("/orders");
        request.Headers.Remove(missing);

        Assert.Equal((400, "authz.plain_context_incomplete"), await _listed.AskAsync(request));
    }

    [Theory]
    [InlineData("X-Tenant-ID", "acme")]
    [InlineData("X_Tenant_ID", "acme")]
    [InlineData("x-subject-id", "idp/bob")]
    public async Task A_second_value_is_malformed_in_any_spelling(string name, string value) =>
        Assert.Equal((400, "authz.header_duplicated"), await _listed.AskAsync(Plain("/orders").With(name, value)));

    [Fact]
    public async Task They_never_stand_beside_a_token()
    {
        Assert.Equal((400, "authz.plain_context_beside_token"), await _listed.AskAsync(Plain("/orders").With(_gateway.Send())));
        using var gateway = _gateway.Client();
        Assert.Equal((200, string.Empty), await gateway.AskAsync(Plain("/orders").With(_gateway.Send())));
    }

    [Fact]
    public async Task Of_everybody_else_they_are_removed_and_audited()
    {
        using var gateway = _gateway.Client();
        using var edge = _host.Client("edge");

        Assert.Equal((401, "authz.context_missing"), await gateway.AskAsync(Plain("/orders")));
        Assert.Equal((401, "authz.context_missing"), await edge.AskAsync(Plain("/orders")));
        Assert.Equal(2, _host.Logs.GetSnapshot().Count(record => record.Id.Name == "ContextHeaderStripped"));
    }

    private static Dictionary<string, string?> Grant(int index, string workload) => new(StringComparer.Ordinal)
    {
        [$"ZeroTrust:Authz:MintGrants:{index}:Workload"] = workload,
        [$"ZeroTrust:Authz:MintGrants:{index}:Tenants:0"] = "acme",
        [$"ZeroTrust:Authz:MintGrants:{index}:SubjectKinds:0"] = "User",
        [$"ZeroTrust:Authz:MintGrants:{index}:Permissions:0"] = "orders:read",
    };

    private static HttpRequestMessage Plain(string path, string tenant = "acme", string permissions = "orders:read") =>
        Requests.Get(path).With("X-Tenant-ID", tenant).With("X-Subject-ID", "idp/alice").With("X-Permissions", permissions);
}
