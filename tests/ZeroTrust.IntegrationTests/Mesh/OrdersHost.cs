using Grpc.Core;
using Grpc.Net.Client.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz;
using ZeroTrust.Samples.Billing.Protos;

namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>Orders over HTTP and gRPC, kept in SQLite; each one needs an invoice of billing first.</summary>
internal static class OrdersHost
{
    public static WebApplication Build(IEnumerable<KeyValuePair<string, string?>> settings, Uri billing, string databaseFile)
    {
        var builder = MeshHost.CreateBuilder(settings);
        builder.AddZeroTrustDefaults(zeroTrust => zeroTrust.AddTenancy<OrdersDb>());
        builder.Services.AddGrpc();
        builder.Services.AddGrpcClient<Invoices.InvoicesClient>(client => client.Address = billing)
            .ConfigureChannel(channel => channel.ServiceConfig = RetryOutages())
            .AddMtls("billing")
            .AddAuthz("invoice:write");
        builder.Services.AddDbContext<OrdersDb>(db => db.UseSqlite($"Data Source={databaseFile};Pooling=False"));
        builder.Services.AddSingleton<Turnstile>();

        var app = MeshHost.BuildProtected(builder);
        app.MapPost("/tenants/{tenant}/orders", PlaceAsync).RequirePermission("orders:write", tenantRouteValue: "tenant");
        app.MapGet("/tenants/{tenant}/orders/{id}", ReadAsync).RequirePermission("orders:read", tenantRouteValue: "tenant");
        app.MapGet("/caller", Caller).RequireContext();
        app.MapGet("/invoiced", InvoiceAsync).RequireContext();
        app.MapGet("/held", HoldAsync).RequireContext();
        app.MapGrpcService<OrderBookService>().RequirePermission("orders:read");
        return app;
    }

    public static async Task CreateDatabaseAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<OrdersDb>().Database.EnsureCreatedAsync(cancellationToken);
    }

    // What clients commonly have: an outage is tried again, and a refused server must not be taken for one.
    private static ServiceConfig RetryOutages() => new()
    {
        MethodConfigs =
        {
            new MethodConfig
            {
                Names = { MethodName.Default },
                RetryPolicy = new RetryPolicy
                {
                    MaxAttempts = 5,
                    InitialBackoff = TimeSpan.FromMilliseconds(1),
                    MaxBackoff = TimeSpan.FromMilliseconds(1),
                    BackoffMultiplier = 1,
                    RetryableStatusCodes = { StatusCode.Unavailable },
                },
            },
        },
    };

    private static async Task<IResult> PlaceAsync(
        NewOrder order, OrdersDb db, Invoices.InvoicesClient invoices, AuthzContext context, CancellationToken cancellationToken)
    {
        var row = new OrderRow
        {
            Id = Guid.CreateVersion7().ToString("N"),
            Tenant = order.Owner ?? "",
            Subject = context.Subject.ToString(),
            Product = order.Product,
        };
        try
        {
            await invoices.CreateInvoiceAsync(new CreateInvoiceRequest { OrderId = row.Id }, cancellationToken: cancellationToken);
        }
        catch (RpcException failure)
        {
            return Failures.ToResult(failure);
        }

        db.Orders.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        return Results.Json(new { id = row.Id }, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ReadAsync(string id, OrdersDb db, CancellationToken cancellationToken) =>
        await db.Orders.SingleOrDefaultAsync(order => order.Id == id, cancellationToken) is { } row
            ? Results.Json(new { tenant = row.Tenant, product = row.Product })
            : Results.Json(new { code = "orders.not_found" }, statusCode: StatusCodes.Status404NotFound);

    // Catches nothing: what a failed call of its own looks like to the caller is the product's to decide.
    private static async Task<IResult> InvoiceAsync(Invoices.InvoicesClient invoices, CancellationToken cancellationToken)
    {
        var invoice = await invoices.CreateInvoiceAsync(new CreateInvoiceRequest { OrderId = "1" }, cancellationToken: cancellationToken);
        return Results.Json(new { id = invoice.InvoiceId });
    }

    private static IResult Caller(HttpContext call) => Results.Json(new { leaf = call.GetVerifiedPeer()!.LeafSha256 });

    private static async Task<IResult> HoldAsync(HttpContext call, Turnstile turnstile)
    {
        await turnstile.PassAsync(call.RequestAborted);
        return Caller(call);
    }
}
