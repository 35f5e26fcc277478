using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.AttackTests;

/// <summary>The service under attack: an edge and a mesh listener with default settings.</summary>
internal static class Server
{
    /// <summary>Answers each line of the input with the number of connections that are open, and ends with the input.</summary>
    public static async Task<int> RunAsync(string folder)
    {
        using var connections = new KestrelConnections();
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(Settings(folder));
        // The standard output is the parent's, and what logging costs is measured elsewhere.
        builder.Logging.ClearProviders();
        builder.Services.AddZeroTrust().AddListeners().AddMtls();
        await using var app = builder.Build();
        app.UseListenerGuard();
        app.UsePeerCurrency();
        app.UseRouting();
        app.UseListenerRoles();
        app.UseAuthorization();
        app.MapGet("/", () => "ok").AllowPublic("It says ok.");
        await app.StartAsync();
        var bound = app.Services.GetRequiredService<BoundListeners>();
        Console.WriteLine($"{bound.GetEndPoint("mesh").Port} {bound.GetEndPoint("edge").Port}");
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.WriteLine(connections.Count);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(patience.Token);
        return 0;
    }

    private static Dictionary<string, string?> Settings(string folder) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["ZeroTrust:Mtls:TrustDomain"] = TestMesh.Domain,
        ["ZeroTrust:Mtls:Credential:CertificateFile"] = Path.Combine(folder, "orders.pem"),
        ["ZeroTrust:Mtls:Credential:KeyFile"] = Path.Combine(folder, "orders.key"),
        [$"ZeroTrust:Mtls:TrustDomains:{TestMesh.Domain}:AnchorFile"] = TestMesh.AnchorFile(folder),
        ["ZeroTrust:Listeners:mesh:Url"] = "https://127.0.0.1:0",
        ["ZeroTrust:Listeners:mesh:Role"] = "Mesh",
        ["ZeroTrust:Listeners:mesh:Peers:0"] = TestMesh.Gateway,
        ["ZeroTrust:Listeners:edge:Url"] = "https://127.0.0.1:0",
        ["ZeroTrust:Listeners:edge:Role"] = "Edge",
    };
}
