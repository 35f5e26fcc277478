namespace ZeroTrust.Npgsql;

/// <summary>Why a command was not sent, or what the audit at start found. Codes read <c>npgsql.*</c>.</summary>
public enum NpgsqlRejectionReason
{
    /// <summary>No reason was recorded: a defect.</summary>
    Unspecified = 0,

    /// <summary>No context is current: without one there is no tenant, and no connection.</summary>
    ContextMissing = 1,

    /// <summary>Audit: the role is a superuser, has BYPASSRLS, or may become a role that is or has.</summary>
    RolePrivileged = 10,

    /// <summary>Audit: the role owns a table, or may become its owner, and can switch its policies off.</summary>
    RoleOwnsTable = 11,

    /// <summary>Audit: a table has no row-level security, does not force it on its owner, or has no policy for the tenant.</summary>
    RowSecurityMissing = 12,

    /// <summary>Audit: another permissive policy lets rows through, or the one for the tenant was altered.</summary>
    PolicyForeign = 13,

    /// <summary>Audit: the role holds TRUNCATE, which policies do not stop, or TRIGGER or REFERENCES.</summary>
    PrivilegeExcessive = 14,

    /// <summary>Audit: a view reads with its owner's rights, or a materialized view or foreign table has no policies.</summary>
    ViewUnconfined = 15,

    /// <summary>Audit: the role may run a SECURITY DEFINER function of a role that policies do not bind.</summary>
    FunctionPrivileged = 16,

    /// <summary>Audit: a foreign key does not contain the tenant, so that a row can refer to another tenant's.</summary>
    ReferenceUnconfined = 17,

    /// <summary>Audit: an index is unique across tenants, so that one learns what another has.</summary>
    IndexUnconfined = 18,

    /// <summary>Audit: <c>zerotrust.tenant()</c> is missing or does not answer as it must.</summary>
    TenantFunctionWrong = 19,

    /// <summary>
    /// A setting of the connection string shares or keeps what belongs to one session: <c>Multiplexing</c>, <c>Max Auto Prepare</c>,
    /// <c>No Reset On Close</c> without a declared pooler or its absence with one, or settings of the session behind a pooler.
    /// </summary>
    PoolingUnsafe = 20,

    /// <summary>Audit: a pooler stands between, and the options do not declare it.</summary>
    PoolerUndeclared = 21,

    /// <summary>The database could not be audited.</summary>
    AuditFailed = 22,

    /// <summary>A parameter of a command has the name that is kept for the tenant.</summary>
    ParameterNameTaken = 23,
}
