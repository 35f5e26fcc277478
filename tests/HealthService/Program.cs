using Microsoft.Extensions.Diagnostics.HealthChecks;
using ZeroTrust;

// A service for tests that need a process of its own: it is ready while the file named by DEPENDENCY exists.
var builder = WebApplication.CreateBuilder(args);
var dependency = builder.Configuration["DEPENDENCY"]!;
builder.Services.AddZeroTrust().AddListeners().AddHealthChecks();
builder.Services.AddHealthChecks().AddCheck("file", () => File.Exists(dependency) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("gone"));

var app = builder.Build();
app.UseListenerGuard();
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
await app.RunAsync();
