using Grpc.Core;
using ZeroTrust.Authz;
using ZeroTrust.Samples.Billing.Protos;

namespace ZeroTrust.Samples.Billing;

/// <summary>Writes an invoice for the calling tenant.</summary>
internal sealed class InvoicesService(BillingDb db, Tariffs tariffs, IAuthzContextAccessor accessor) : Invoices.InvoicesBase
{
    public override async Task<Invoice> CreateInvoice(CreateInvoiceRequest request, ServerCallContext context)
    {
        var tax = await tariffs.ReadTaxPercentAsync(context.CancellationToken);
        var caller = accessor.Current!;
        var row = new InvoiceRow
        {
            Id = Guid.CreateVersion7().ToString("N"),
            Subject = caller.Subject.ToString(),
            Permissions = caller.Permissions.ToString(),
            OrderId = request.OrderId,
            TotalMinor = request.AmountMinor * (100 + tax) / 100,
        };
        db.Invoices.Add(row);
        await db.SaveChangesAsync(context.CancellationToken);
        return new Invoice { InvoiceId = row.Id, OrderId = row.OrderId, TotalMinor = row.TotalMinor };
    }
}
