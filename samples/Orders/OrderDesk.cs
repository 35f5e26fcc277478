using System.Diagnostics;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz;
using ZeroTrust.Samples.Billing.Protos;

namespace ZeroTrust.Samples.Orders;

/// <summary>Takes and shows orders for the calling tenant.</summary>
internal sealed class OrderDesk(
    OrdersDb db, Invoices.InvoicesClient invoices, IAuthzContextAccessor accessor, ILogger<OrderDesk> logger)
{
    private const int PriceMinor = 1_000;
    private const int MaxQuantity = 1_000;

    public async Task<IResult> PlaceAsync(NewOrder order, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(order.Product) || order.Quantity is < 1 or > MaxQuantity)
        {
            return Results.Problem("A product and a quantity from 1 to 1000 are needed.", statusCode: StatusCodes.Status400BadRequest);
        }

        Activity.Current?.SetTag("customer.email", order.Email);
        logger.LogInformation("Order of {Quantity} {Product} for {Email}", order.Quantity, order.Product, order.Email);
        if (order.Product == "unobtainium")
        {
            throw new InvalidOperationException($"No supplier; the reservation on card {order.Card} of {order.Email} is void.");
        }

        var id = Guid.CreateVersion7().ToString("N");
        Invoice invoice;
        try
        {
            invoice = await invoices.CreateInvoiceAsync(
                new CreateInvoiceRequest { OrderId = id, AmountMinor = (long)order.Quantity * PriceMinor, Currency = "EUR" },
                cancellationToken: cancellationToken);
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unavailable)
        {
            return Rejections.ToResult(new Rejection("orders.billing_unavailable", failure.Status.Detail, RejectionKind.Unavailable));
        }

        db.Orders.Add(new Order
        {
            Id = id,
            Subject = accessor.Current!.Subject.ToString(),
            Product = order.Product,
            Quantity = order.Quantity,
            Email = order.Email,
            InvoiceId = invoice.InvoiceId,
        });
        await db.SaveChangesAsync(cancellationToken);
        return Results.Json(new { id, invoiceId = invoice.InvoiceId, totalMinor = invoice.TotalMinor }, statusCode: StatusCodes.Status201Created);
    }

    public async Task<IResult> FindAsync(string? email, CancellationToken cancellationToken)
    {
        var ids = await db.Orders
            .Where(order => email == null || order.Email == email)
            .OrderBy(order => order.Id)
            .Select(order => order.Id)
            .Take(100)
            .ToListAsync(cancellationToken);
        return Results.Json(ids);
    }

    public async Task<IResult> ReadAsync(string id, CancellationToken cancellationToken) =>
        await FindOrderAsync(id, cancellationToken) is { } order
            ? Results.Json(new { order.Id, tenant = order.Tenant.ToString(), order.Product, order.Quantity, order.InvoiceId })
            : Results.NotFound();

    public Task<Order?> FindOrderAsync(string id, CancellationToken cancellationToken) =>
        db.Orders.AsNoTracking().SingleOrDefaultAsync(order => order.Id == id, cancellationToken);
}
