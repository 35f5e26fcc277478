using Microsoft.EntityFrameworkCore;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ZeroTrust;
using ZeroTrust.Samples.Billing;

var builder = WebApplication.CreateBuilder(args);

builder.AddZeroTrustDefaults(zeroTrust => zeroTrust.AddTenancy<BillingDb>());
builder.Services.AddGrpc();

builder.Services.AddDbContextPool<BillingDb>(db => db.UseSqlite(builder.Configuration.GetConnectionString("Billing")));
builder.Services.AddSingleton<Tariffs>();

// An ordinary health check: while the tariffs cannot be read, probes say so and no call is admitted.
builder.Services.AddHealthChecks().AddCheck<TariffsHealthCheck>("tariffs");

builder.Services.AddOpenTelemetry()
    .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation(web => web.RecordException = true))
    .WithMetrics(metrics => metrics.AddMeter("ZeroTrust.*"))
    .WithLogging()
    .UseOtlpExporter();

var app = builder.Build();
await BillingDb.CreateAsync(app.Services);
app.UseZeroTrust();

app.MapGrpcService<InvoicesService>()
    .RequirePermission("invoice:write");

await app.RunAsync();
