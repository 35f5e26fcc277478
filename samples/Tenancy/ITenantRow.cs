namespace ZeroTrust.Samples.Tenancy;

/// <summary>A row that belongs to one tenant.</summary>
internal interface ITenantRow
{
    string Tenant { get; set; }
}
