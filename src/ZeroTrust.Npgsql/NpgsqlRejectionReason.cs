namespace ZeroTrust.Npgsql;

/// <summary>Why a command was not sent, or what the audit at start found. Codes read <c>npgsql.*</c>.</summary>
public enum NpgsqlRejectionReason
{
    /// <summary>No reason was recorded: a defect.</summary>
    Unspecified = 0,

    /// <summary>No context is current: without one there is no tenant, and no connection.</summary>
    ContextMissing = 1,

    /// <summary>
    /// Audit: the role, or one it may act as, is a superuser, has BYPASSRLS, CREATEROLE, CREATEDB or REPLICATION, or is a predefined role.
    /// </summary>
    RolePrivileged = 10,

    /// <summary>Audit: the role owns a table, or may become its owner, and can switch its policies off.</summary>
    RoleOwnsTable = 11,

    /// <summary>Audit: a table has no row-level security, does not force it on its owner, or has no policy for the tenant.</summary>
    RowSecurityMissing = 12,

    /// <summary>Audit: another permissive policy lets rows through, or the one for the tenant was altered.</summary>
    PolicyForeign = 13,

    /// <summary>
    /// Audit: the role holds TRUNCATE, TRIGGER, REFERENCES or MAINTAIN, which policies do not stop, rights to tables and sequences yet to
    /// be made, to settings of superusers, or UPDATE of a sequence; or the server has prepared transactions, which belong to no session.
    /// </summary>
    PrivilegeExcessive = 14,

    /// <summary>Audit: a view reads with its owner's rights, or a materialized view or foreign table has no policies.</summary>
    ViewUnconfined = 15,

    /// <summary>Audit: the role may run a SECURITY DEFINER function, or one that reaches beyond the database.</summary>
    FunctionPrivileged = 16,

    /// <summary>Audit: a foreign key does not contain the tenant, so that a row can refer to another tenant's.</summary>
    ReferenceUnconfined = 17,

    /// <summary>Audit: an index is unique across tenants, so that one learns what another has.</summary>
    IndexUnconfined = 18,

    /// <summary>
    /// Audit: <c>zerotrust.tenant()</c> is missing, is not what <see cref="RowSecuritySql"/> writes or does not answer as it must, or
    /// others may read or write its keys.
    /// </summary>
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

    /// <summary>
    /// Audit: the role may create in a schema or the database, or, behind a pooler, temporary objects: what other tenants' statements find
    /// first.
    /// </summary>
    CreationAllowed = 24,

    /// <summary>
    /// Audit: the role owns a schema, view, function or something else, or may become its owner, and can change it for all tenants.
    /// </summary>
    RoleOwnsObject = 25,

    /// <summary>
    /// Audit: a foreign key deletes, changes or moves rows of other tenants (CASCADE, SET NULL, SET DEFAULT) when the role writes a row.
    /// </summary>
    ReferentialActionUnconfined = 26,

    /// <summary>Audit: a trigger or rule acts with other rights than the role's when it writes.</summary>
    TriggerPrivileged = 27,

    /// <summary>Audit: the role may use a foreign server or foreign-data wrapper, which read with another login.</summary>
    ServerReachable = 28,

    /// <summary>Audit: the role may use large objects, which have no policies.</summary>
    LargeObjectReachable = 29,

    /// <summary>
    /// Audit: statements of other tenants, or the signed tenant, can be read in <c>pg_stat_activity</c> or stay in the log.
    /// </summary>
    StatementsVisible = 30,

    /// <summary>
    /// The role of a grant across tenants may do more than read, or may act as one that does: refused at start, or before its first
    /// command.
    /// </summary>
    GrantWrites = 31,

    /// <summary>
    /// A tenant's connection was to join an ambient transaction (<c>TransactionScope</c>, <c>EnlistTransaction</c>), whose session the
    /// driver hands on as it was left: use <c>BeginTransaction</c>.
    /// </summary>
    AmbientTransaction = 32,

    /// <summary>An open connection was to serve a second tenant: what the first left in the session would be there.</summary>
    ConnectionShared = 33,
}
