namespace ZeroTrust.Npgsql.Audit;

/// <summary>A table or view that the role can reach.</summary>
internal sealed record AuditedRelation(
    uint Id,
    string Schema,
    string Name,
    string Kind,
    bool Enabled,
    bool Forced,
    bool Invoker,
    string[] Excessive,
    bool Written,
    bool Shared)
{
    internal bool IsTable => Kind is "r" or "p";

    /// <summary>The column its policy compares; null where none holds it to the tenant.</summary>
    internal string? TenantColumn { get; set; }

    /// <summary>Whether a policy lets the role to any of its rows.</summary>
    internal bool HasPolicy { get; set; }

    /// <summary>Without a policy, row-level security denies every row.</summary>
    internal bool IsClosed => IsTable && Enabled && Forced && !HasPolicy;

    internal bool IsConfined => IsTable && Enabled && Forced && TenantColumn is not null;

    public override string ToString() => $"{Schema}.{Name}";
}
