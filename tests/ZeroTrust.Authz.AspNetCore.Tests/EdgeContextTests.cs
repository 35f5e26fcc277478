using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests;

public sealed class EdgeContextTests
{
    [Fact]
    public async Task On_the_edge_every_context_header_is_dropped_and_audited()
    {
        await using var host = await MeshHost.StartAsync(OrdersService.Map);
        using var client = host.Client("edge");
        var stolen = host.Peer(MeshHost.Gateway).Send();

        Assert.Equal((401, "authz.context_missing"), await client.AskAsync(Requests.Get("/orders", stolen)));

        var audited = Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "ContextHeaderStripped");
        Assert.Equal("txn-certs, txn-chain, txn-token", audited.GetStructuredStateValue("Headers"));
        Assert.Contains("edge", audited.Message, StringComparison.Ordinal);
        using var left = await client.SendAsync(Requests.Get("/headers", stolen), TestContext.Current.CancellationToken);
        Assert.Equal("Host", await left.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/orders", "good", 200, "")]
    [InlineData("/headers", "good", 200, "")]
    [InlineData("/headers", null, 200, "")]
    [InlineData("/orders", null, 401, "test.token_missing")]
    [InlineData("/orders", "bad", 401, "test.token_invalid")]
    [InlineData("/headers", "bad", 401, "test.token_invalid")]
    [InlineData("/headers", "down", 503, "test.unavailable")]
    public async Task The_edge_provider_decides_who_calls(string path, string? credential, int status, string code)
    {
        await using var host = await StartAsync();
        using var client = host.Client("edge");

        Assert.Equal((status, code), await client.AskAsync(With(Requests.Get(path), credential)));
    }

    [Fact]
    public async Task The_edge_provider_is_not_asked_on_the_mesh()
    {
        await using var host = await StartAsync();
        using var client = host.Peer(MeshHost.Gateway).Client();

        Assert.Equal((401, "authz.context_missing"), await client.AskAsync(With(Requests.Get("/orders"), "good")));
    }

    [Fact]
    public async Task An_exception_of_the_edge_provider_serves_nobody()
    {
        await using var host = await StartAsync();
        using var client = host.Client("edge");

        Assert.Equal(500, (await client.AskAsync(With(Requests.Get("/headers"), "throw"))).Status);
    }

    private static Task<MeshHost> StartAsync() =>
        MeshHost.StartAsync(OrdersService.Map, Configure);

    private static void Configure(WebApplicationBuilder builder)
    {
        builder.Configuration["ZeroTrust:Authz:MintGrants:1:Workload"] = MeshHost.Orders;
        builder.Configuration["ZeroTrust:Authz:MintGrants:1:Tenants:0"] = "acme";
        builder.Configuration["ZeroTrust:Authz:MintGrants:1:SubjectKinds:0"] = "User";
        builder.Configuration["ZeroTrust:Authz:MintGrants:1:Permissions:0"] = "orders:read";
        builder.Services.AddSingleton<IEdgeContextProvider, CredentialHeader>();
    }

    private static HttpRequestMessage With(HttpRequestMessage request, string? credential) =>
        credential is null ? request : request.With("X-Credential", credential);

    private sealed class CredentialHeader(AuthzContextMinter minter) : IEdgeContextProvider
    {
        public bool IsPresented(HttpContext context) => context.Request.Headers.ContainsKey("X-Credential");

        public ValueTask<Verdict<AuthzContext>> GetContextAsync(HttpContext context, CancellationToken cancellationToken) =>
            new(context.Request.Headers["X-Credential"].ToString() switch
            {
                "good" => minter.Mint(TenantId.Parse("acme"), SubjectId.Parse("test/alice"), PermissionSet.Parse("orders:read")),
                "" => new Rejection("test.token_missing", "Nothing presented.", RejectionKind.Unauthenticated),
                "down" => new Rejection("test.unavailable", "No keys.", RejectionKind.Unavailable),
                "throw" => throw new InvalidOperationException("defect"),
                _ => new Rejection("test.token_invalid", "Not good.", RejectionKind.Unauthenticated),
            });
    }
}
