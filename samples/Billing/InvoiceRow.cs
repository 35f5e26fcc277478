namespace ZeroTrust.Samples.Billing;

/// <summary>An invoice as it is kept, with the permissions its writer came with.</summary>
internal sealed class InvoiceRow
{
    public required string Id { get; set; }

    public TenantId Tenant { get; set; }

    public required string Subject { get; set; }

    public required string Permissions { get; set; }

    public required string OrderId { get; set; }

    public required long TotalMinor { get; set; }
}
