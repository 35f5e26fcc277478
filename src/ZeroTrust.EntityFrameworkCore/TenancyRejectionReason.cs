namespace ZeroTrust.EntityFrameworkCore;

/// <summary>Why a query or a write was refused before it reached the database. Codes read <c>tenancy.*</c>.</summary>
public enum TenancyRejectionReason
{
    /// <summary>No reason was recorded: a defect.</summary>
    Unspecified = 0,

    /// <summary>No context is current: without one there is no tenant, and no command is sent.</summary>
    ContextMissing = 1,

    /// <summary>The database context has served another tenant since it was created or taken from its pool.</summary>
    TenantChanged = 2,

    /// <summary>A row to be written belongs to another tenant, or claims to.</summary>
    ForeignRow = 3,

    /// <summary>The tenant of a row would change.</summary>
    TenantReassigned = 4,

    /// <summary>A query asks to ignore the tenant filter by its name.</summary>
    FilterIgnored = 5,

    /// <summary>Raw SQL, which nothing here can confine.</summary>
    RawSqlRefused = 6,

    /// <summary>A row shared by all tenants would be written, and its type is read-only for tenants.</summary>
    SharedRowWritten = 7,

    /// <summary>A bulk update sets something that cannot be read as a property.</summary>
    UpdateUnreadable = 8,

    /// <summary>A database context that reads across tenants was asked to write.</summary>
    CrossTenantWrite = 9,

    /// <summary>A command of a kind that is not known to be confined.</summary>
    CommandUnconfined = 10,

    /// <summary>
    /// The model was not built for this kind of database context: a compiled model, or one that a cache or the application took from
    /// another kind.
    /// </summary>
    ModelUnconfined = 11,
}
