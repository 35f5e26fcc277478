using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz;

namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>The end of the chain: gRPC only, one permission.</summary>
internal static class BillingHost
{
    public static WebApplication Build(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var builder = MeshHost.CreateBuilder(settings);
        builder.AddZeroTrustDefaults();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new ConcurrentQueue<AuthzContext>());

        var app = MeshHost.BuildProtected(builder);
        app.MapGrpcService<InvoicesService>().RequirePermission("invoice:write");
        return app;
    }
}
