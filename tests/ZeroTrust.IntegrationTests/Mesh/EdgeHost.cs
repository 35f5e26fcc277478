using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Samples.Orders.Protos;

namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>
/// Where users arrive. It leaves permissions of the book and tenants of routes to orders on purpose: refusals have to hold there.
/// </summary>
internal static class EdgeHost
{
    public static WebApplication Build(IEnumerable<KeyValuePair<string, string?>> settings, Uri orders)
    {
        var builder = MeshHost.CreateBuilder(settings);
        builder.AddZeroTrustDefaults(zeroTrust => zeroTrust.AddOidc());
        builder.Services.AddHttpClient<OrdersClient>(client => client.BaseAddress = orders)
            .AddMtls("orders")
            .AddAuthz();
        builder.Services.AddGrpcClient<OrderBook.OrderBookClient>(client => client.Address = orders)
            .AddMtls("orders")
            .AddAuthz();

        var app = MeshHost.BuildProtected(builder);
        app.MapPost("/tenants/{tenant}/orders", ForwardAsync).RequireContext();
        app.MapGet("/tenants/{tenant}/orders/{id}", ForwardAsync).RequireContext();
        app.MapGet("/caller", ForwardAsync).RequireContext();
        app.MapGet("/invoiced", ForwardAsync).RequireContext();
        app.MapGet("/held", ForwardAsync).RequireContext();
        app.MapGet("/book/{id}", ReadBookAsync).RequireContext();
        return app;
    }

    private static Task<IResult> ForwardAsync(HttpContext call, OrdersClient orders) => orders.ForwardAsync(call);

    private static async Task<IResult> ReadBookAsync(string id, OrderBook.OrderBookClient book, CancellationToken cancellationToken)
    {
        try
        {
            var order = await book.GetOrderAsync(new GetOrderRequest { OrderId = id }, cancellationToken: cancellationToken);
            return Results.Json(new { product = order.Product });
        }
        catch (RpcException failure)
        {
            return Failures.ToResult(failure);
        }
    }
}
