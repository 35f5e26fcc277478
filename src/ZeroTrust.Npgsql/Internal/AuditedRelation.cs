namespace ZeroTrust.Npgsql.Internal;

/// <summary>A table or view that the role can reach.</summary>
internal sealed record AuditedRelation(uint Id, string Schema, string Name, string Kind, bool Enabled, bool Forced, bool Owned, bool Excessive, bool Invoker)
{
    internal bool IsTable => Kind is "r" or "p";

    /// <summary>The column its policy compares; null where none holds it to the tenant.</summary>
    internal string? TenantColumn { get; set; }

    public override string ToString() => $"{Schema}.{Name}";
}
