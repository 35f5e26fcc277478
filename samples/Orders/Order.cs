namespace ZeroTrust.Samples.Orders;

/// <summary>An order as it is kept.</summary>
internal sealed class Order
{
    public required string Id { get; set; }

    public TenantId Tenant { get; set; }

    public required string Subject { get; set; }

    public required string Product { get; set; }

    public required int Quantity { get; set; }

    public string? Email { get; set; }

    public required string InvoiceId { get; set; }
}
