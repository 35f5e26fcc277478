using System.Collections.Concurrent;
using Grpc.Core;
using ZeroTrust.Authz;
using ZeroTrust.Authz.Grpc;
using ZeroTrust.Samples.Billing.Protos;

namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>Keeps the contexts it was called with.</summary>
internal sealed class InvoicesService(ConcurrentQueue<AuthzContext> contexts) : Invoices.InvoicesBase
{
    public override Task<Invoice> CreateInvoice(CreateInvoiceRequest request, ServerCallContext context)
    {
        contexts.Enqueue(context.GetAuthzContext());
        return Task.FromResult(new Invoice { InvoiceId = "1", OrderId = request.OrderId });
    }
}
