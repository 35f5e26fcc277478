namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>An order as it is kept.</summary>
internal sealed class OrderRow
{
    public required string Id { get; set; }

    public string Tenant { get; set; } = "";

    public required string Subject { get; set; }

    public required string Product { get; set; }
}
