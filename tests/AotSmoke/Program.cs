using ZeroTrust;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz;
using ZeroTrust.Tests.AotSmoke;

// The whole service, compiled ahead of time: it proves itself to itself over mutual TLS, with a context, and refuses a stranger.
const string Workload = "spiffe://example.test/smoke";
var folder = Directory.CreateTempSubdirectory("zerotrust-aot-").FullName;
try
{
    Certificates.Write(folder, Workload);
    var builder = WebApplication.CreateBuilder();
    builder.Configuration.AddInMemoryCollection(Settings.Of(folder, Workload));
    builder.Logging.SetMinimumLevel(LogLevel.Warning);
    builder.AddZeroTrustDefaults(zeroTrust => zeroTrust.AddOidc());
    builder.Services.AddHttpClient("self").AddMtls("self").AddAuthz();

    await using var app = builder.Build();
    app.UseZeroTrust();
    app.MapGet("/orders/{id}", (string id, AuthzContext context) => $"order {id} of {context.Tenant}").RequirePermission("orders:read");
    await app.StartAsync();

    var mesh = new Uri($"https://localhost:{app.Services.GetRequiredService<BoundListeners>().GetEndPoint("mesh").Port}/orders/1");
    var served = await Calls.AsWorkloadAsync(app.Services, mesh);
    var refused = await Calls.AsStrangerAsync(mesh);
    await app.StopAsync();
    Console.WriteLine($"served: {served}; stranger: {refused}");
    return served == "order 1 of acme" && refused ? 0 : 1;
}
finally
{
    Directory.Delete(folder, recursive: true);
}
