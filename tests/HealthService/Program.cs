using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ZeroTrust;

// A service for tests that need a process of its own: it is ready while the file named by DEPENDENCY exists. With a trust domain it has peers.
var builder = WebApplication.CreateBuilder(args);
var dependency = builder.Configuration["DEPENDENCY"]!;
var hasPeers = builder.Configuration["ZeroTrust:Mtls:TrustDomain"] is not null;
var zeroTrust = builder.Services.AddZeroTrust().AddListeners().AddHealthChecks();
if (hasPeers)
{
    zeroTrust.AddMtls();
}

builder.Services.AddHealthChecks().AddCheck("file", () => File.Exists(dependency) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("gone"));

var app = builder.Build();
app.UseListenerGuard();
if (hasPeers)
{
    app.UsePeerCurrency();
}

app.UseRouting();
app.UseAdmissionGate();
app.UseListenerRoles();
app.UseAuthorization();
app.MapZeroTrustHealth();
app.MapPost("/work", async (HttpRequest request) =>
{
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
    return Results.Text($"done {body.Length}");
}).AllowPublic("It does nothing.");
app.MapGet("/time", () => Results.Text(TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture))).AllowPublic("It does nothing.");
app.MapGet("/peer", () => Results.Text("served")).RequirePeer();
await app.RunAsync();
