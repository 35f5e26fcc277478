using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using ZeroTrust.Samples.Orders.Protos;

namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>The orders over gRPC.</summary>
internal sealed class OrderBookService(OrdersDb db) : OrderBook.OrderBookBase
{
    public override async Task<Order> GetOrder(GetOrderRequest request, ServerCallContext context) =>
        await db.Orders.SingleOrDefaultAsync(order => order.Id == request.OrderId, context.CancellationToken) is { } row
            ? new Order { OrderId = row.Id, Product = row.Product }
            : throw new RpcException(new Status(StatusCode.NotFound, ""));
}
