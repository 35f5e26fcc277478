using Grpc.Core;
using ZeroTrust.Samples.Orders.Protos;

namespace ZeroTrust.Samples.Orders;

/// <summary>The same orders over gRPC.</summary>
internal sealed class OrderBookService(OrderDesk desk) : OrderBook.OrderBookBase
{
    public override async Task<Protos.Order> GetOrder(GetOrderRequest request, ServerCallContext context)
    {
        var order = await desk.FindOrderAsync(request.OrderId, context.CancellationToken)
            ?? throw new RpcException(new Status(StatusCode.NotFound, ""));
        return new Protos.Order { OrderId = order.Id, Product = order.Product, Quantity = order.Quantity };
    }
}
