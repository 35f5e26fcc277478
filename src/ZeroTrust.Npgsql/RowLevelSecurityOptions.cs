using System.Diagnostics.CodeAnalysis;

namespace ZeroTrust.Npgsql;

/// <summary>How the database is audited at start, and what the tenant is signed with.</summary>
public sealed class RowLevelSecurityOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "ZeroTrust:RowLevelSecurity";

    private readonly Dictionary<(NpgsqlRejectionReason Reason, string Subject), string> _accepted = [];

    /// <summary>
    /// Schemas that the audit does not read, though the role may use them: the decision that no tenant's row is reached through them. Told
    /// by a warning at start.
    /// </summary>
    /// <value>Default: none, so that every schema the role may use is read.</value>
    public IList<string> ExcludedSchemas { get; } = [];

    /// <summary>
    /// Tables, views and functions without tenants, as <c>schema.name</c> or, for one of several functions, <c>schema.name(argument
    /// types)</c>, and extensions, as <c>extension:name</c>: the decision that what they read is the same for all.
    /// </summary>
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

    /// <summary>Accepts one finding of the audit. In code alone.</summary>
    /// <param name="reason">Its code.</param>
    /// <param name="subject">What it is about: what stands before the first colon of the finding, such as <c>track_activities</c>.</param>
    /// <param name="why">Why no tenant reaches another's rows by it here. Logged by a warning at each start.</param>
    /// <exception cref="ArgumentException">There is no subject or no reason.</exception>
    public void DangerousAccept(NpgsqlRejectionReason reason, string subject, string why)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(subject);
        ArgumentException.ThrowIfNullOrWhiteSpace(why);
        _accepted[(reason, subject)] = why;
    }

    internal bool IsAccepted(NpgsqlRejectionReason reason, string subject, [NotNullWhen(true)] out string? why)
        => _accepted.TryGetValue((reason, subject), out why);
}
