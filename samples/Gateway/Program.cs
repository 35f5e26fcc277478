using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ZeroTrust;
using ZeroTrust.Samples.Gateway;

var builder = WebApplication.CreateBuilder(args);

// The edge: users come with a token of our issuer; its claims become the context that travels with the call.
builder.AddZeroTrustDefaults(zeroTrust => zeroTrust.AddOidc());

// Orders is reached over mutual TLS, and only where it proves that it is Orders.
builder.Services.AddHttpClient<OrdersProxy>(client => client.BaseAddress = new Uri(builder.Configuration["Services:Orders"]!))
    .AddMtls("orders")
    .AddAuthz();

builder.Services.AddOpenTelemetry()
    .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation())
    .WithMetrics(metrics => metrics.AddMeter("ZeroTrust.*"))
    .WithLogging()
    .UseOtlpExporter();

var app = builder.Build();
app.UseZeroTrust();

app.MapPost("/tenants/{tenant}/orders", (HttpContext call, OrdersProxy orders) => orders.ForwardAsync(call))
    .RequirePermission("orders:write");
app.MapGet("/tenants/{tenant}/orders", (HttpContext call, OrdersProxy orders) => orders.ForwardAsync(call))
    .RequirePermission("orders:read");
app.MapGet("/tenants/{tenant}/orders/{id}", (HttpContext call, OrdersProxy orders) => orders.ForwardAsync(call))
    .RequirePermission("orders:read");

await app.RunAsync();
