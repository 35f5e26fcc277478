using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using ZeroTrust.Samples.Billing.Protos;
using ZeroTrust.Samples.Orders.Protos;

namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>The orders over gRPC.</summary>
internal sealed class OrderBookService(OrdersDb db, Invoices.InvoicesClient invoices) : OrderBook.OrderBookBase
{
    public const string Invoiced = "invoiced";

    public override async Task<Order> GetOrder(GetOrderRequest request, ServerCallContext context)
    {
        if (request.OrderId != Invoiced)
        {
            return await FindAsync(request, context);
        }

        // Catches nothing, as most code does.
        var invoice = await invoices.CreateInvoiceAsync(new CreateInvoiceRequest { OrderId = request.OrderId }, cancellationToken: context.CancellationToken);
        return new Order { OrderId = invoice.OrderId, Product = invoice.InvoiceId };
    }

    private async Task<Order> FindAsync(GetOrderRequest request, ServerCallContext context) =>
        await db.Orders.SingleOrDefaultAsync(order => order.Id == request.OrderId, context.CancellationToken) is { } row
            ? new Order { OrderId = row.Id, Product = row.Product }
            : throw new RpcException(new Status(StatusCode.NotFound, ""));
}
