namespace ZeroTrust.Npgsql;

/// <summary>How the database is audited at start, and what the tenant is signed with.</summary>
public sealed class RowLevelSecurityOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "ZeroTrust:RowLevelSecurity";

    /// <summary>The schemas whose tables and views the audit reads.</summary>
    /// <value>Default: <c>public</c> alone.</value>
    public IList<string> Schemas { get; } = [];

    /// <summary>Tables, views and functions without tenants, as <c>schema.name</c>: the decision that their rows are the same for all.</summary>
    /// <value>Default: none.</value>
    public IList<string> SharedObjects { get; } = [];

    /// <summary>The pooler between the service and the database.</summary>
    /// <value>Default <see cref="Pooler.None"/>.</value>
    public Pooler Pooler { get; set; }

    /// <summary>How long the audit may take.</summary>
    /// <value>Default 30 s, from 1 s to 5 min.</value>
    public TimeSpan AuditTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the database is asked whether it is there, for readiness.</summary>
    /// <value>Default 2 s, from 100 ms to 5 min.</value>
    public TimeSpan ReadinessInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long it may take to answer before the service counts as not ready.</summary>
    /// <value>Default 2 s, from 100 ms to 5 min.</value>
    public TimeSpan ReadinessTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>What the tenant is signed with. Set in code, from wherever secrets come from.</summary>
    /// <value>Default: null, unsigned; the database then believes any SQL that names a tenant.</value>
    public TenantSigningKey? SigningKey { get; set; }
}
