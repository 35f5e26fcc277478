using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ZeroTrust;
using ZeroTrust.Authz;

// A service for tests that need a process of its own: it is ready while the file named by DEPENDENCY exists. With a trust domain it has peers, and with an
// issuer it judges the tokens of users and the roots of token services.
var builder = WebApplication.CreateBuilder(args);
var dependency = builder.Configuration["DEPENDENCY"]!;
var hasPeers = builder.Configuration["ZeroTrust:Mtls:TrustDomain"] is not null;
var hasTokens = builder.Configuration["ZeroTrust:Oidc:Issuers:main:Authority"] is not null;
var zeroTrust = builder.Services.AddZeroTrust().AddListeners().AddHealthChecks();
if (hasPeers)
{
    zeroTrust.AddMtls();
}

if (hasTokens)
{
    zeroTrust.AddAuthz().AddAuthzEndpoints().AddOidc();
}

builder.Services.AddHealthChecks().AddCheck("file", () => File.Exists(dependency) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("gone"));

var app = builder.Build();
app.UseListenerGuard();
if (hasTokens)
{
    app.UseContextHeaderStripping();
}

if (hasPeers)
{
    app.UsePeerCurrency();
}

app.UseRouting();
app.UseAdmissionGate();
app.UseListenerRoles();
if (hasTokens)
{
    app.UseAuthentication();
    app.UseAuthzContext();
}

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
if (hasTokens)
{
    app.MapPost("/root", async (HttpRequest request, AuthzContextMinter minter) =>
    {
        using var body = new StreamReader(request.Body);
        return Results.Text(minter.Redeem(await body.ReadToEndAsync(request.HttpContext.RequestAborted)).Rejection?.Code ?? "accepted");
    }).AllowPublic("It does nothing.");
    app.MapPost("/user", () => Results.Text("accepted")).RequirePermission("orders:read");
}

await app.RunAsync();
