using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.AspNetCore.Tests.Naked;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests;

/// <summary>Endpoints of every kind that carry one decision are served to whom it admits, and to nobody else.</summary>
public sealed class DecidedEndpointTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zt-decided-");
    private MeshHost _host = null!;
    private MeshPeer _gateway = null!;
    private MeshPeer _billing = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "asset"), NakedCases.Canary, TestContext.Current.CancellationToken);
        _host = await MeshHost.StartAsync(
            app =>
            {
                app.MapControllers();
                app.MapStaticAssets(StaticAssets.WriteManifest(_folder, "asset")).RequireContext();
                app.MapHealthChecks("/health").RequirePeer(MeshHost.Gateway);
                app.MapGet("/{tenant}/minimal", () => NakedCases.Canary).RequireTenant("tenant");
                app.MapFallback(() => NakedCases.Canary).RequireContext();
            },
            builder =>
            {
                NakedCases.WithController<DecidedController>(builder);
                StaticAssets.ServeFrom(_folder, builder);
                builder.Services.AddHealthChecks();
            });
        _gateway = _host.Peer(MeshHost.Gateway);
        _billing = _host.Peer(MeshHost.Billing);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _billing.DisposeAsync();
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("/decided/permission")]
    [InlineData("/decided/context")]
    [InlineData("/decided/acme/tenant")]
    [InlineData("/acme/minimal")]
    [InlineData("/asset")]
    [InlineData("/no/such/page")]
    public async Task A_context_is_asked_for(string path)
    {
        using var client = _gateway.Client();

        Assert.Equal((401, "authz.context_missing"), await client.AskAsync(Requests.Get(path)));
        Assert.Equal((200, string.Empty), await client.AskAsync(Requests.Get(path, _gateway.Send())));
    }

    [Theory]
    [InlineData("/decided/globex/tenant")]
    [InlineData("/globex/minimal")]
    public async Task A_tenant_is_asked_for(string path)
    {
        using var client = _gateway.Client();

        Assert.Equal((403, "authz.tenant_mismatch"), await client.AskAsync(Requests.Get(path, _gateway.Send())));
        Assert.Equal((200, string.Empty), await client.AskAsync(Requests.Get(path, _gateway.Send(tenant: "globex"))));
    }

    [Theory]
    [InlineData("/decided/peer")]
    [InlineData("/health")]
    public async Task A_peer_is_asked_for(string path)
    {
        using var gateway = _gateway.Client();
        using var billing = _billing.Client();
        using var anybody = _host.Client("edge");

        Assert.Equal((200, string.Empty), await gateway.AskAsync(Requests.Get(path)));
        Assert.Equal((403, "aspnetcore.peer_not_allowed"), await billing.AskAsync(Requests.Get(path)));
        Assert.Equal((401, "aspnetcore.peer_required"), await anybody.AskAsync(Requests.Get(path)));
    }

    [Fact]
    public async Task Nothing_is_asked_for()
    {
        using var anybody = _host.Client("edge");

        Assert.Equal((200, string.Empty), await anybody.AskAsync(Requests.Get("/decided/public")));
        Assert.Equal((401, "authz.context_missing"), await anybody.AskAsync(Requests.Get("/decided/context")));
    }
}
