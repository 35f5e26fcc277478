using Microsoft.EntityFrameworkCore;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ZeroTrust;
using ZeroTrust.Samples.Billing.Protos;
using ZeroTrust.Samples.Orders;

var builder = WebApplication.CreateBuilder(args);

// Peers, context, decisions, readiness and redaction; who may connect is in appsettings.json.
builder.AddZeroTrustDefaults(zeroTrust => zeroTrust.AddTenancy<OrdersDb>());

// Billing gets the caller's context, narrowed to the one permission it needs.
builder.Services.AddGrpc();
builder.Services.AddGrpcClient<Invoices.InvoicesClient>(client => client.Address = new Uri(builder.Configuration["Services:Billing"]!))
    .AddMtls("billing")
    .AddAuthz("invoice:write");

builder.Services.AddDbContextPool<OrdersDb>(db => db.UseSqlite(builder.Configuration.GetConnectionString("Orders")));
builder.Services.AddScoped<OrderDesk>();

builder.Services.AddOpenTelemetry()
    .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation(web => web.RecordException = true).AddHttpClientInstrumentation())
    .WithMetrics(metrics => metrics.AddMeter("ZeroTrust.*"))
    .WithLogging()
    .UseOtlpExporter();

var app = builder.Build();
await OrdersDb.CreateAsync(app.Services);
app.UseZeroTrust();

// Every endpoint carries one decision; without it the host does not start.
app.MapPost("/tenants/{tenant}/orders", (NewOrder order, OrderDesk desk, CancellationToken stop) => desk.PlaceAsync(order, stop))
    .RequirePermission("orders:write", tenantRouteValue: "tenant");
app.MapGet("/tenants/{tenant}/orders", (string? email, OrderDesk desk, CancellationToken stop) => desk.FindAsync(email, stop))
    .RequirePermission("orders:read", tenantRouteValue: "tenant");
app.MapGet("/tenants/{tenant}/orders/{id}", (string id, OrderDesk desk, CancellationToken stop) => desk.ReadAsync(id, stop))
    .RequirePermission("orders:read", tenantRouteValue: "tenant");
app.MapGrpcService<OrderBookService>()
    .RequirePermission("orders:read");

await app.RunAsync();
