using Microsoft.Extensions.Logging;

namespace ZeroTrust.Npgsql.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(EventId = 5700, EventName = "RowSecurityAudited", Level = LogLevel.Information,
        Message = "Role {Role} is held to the tenant in {Count} tables; the tenant is signed: {Signed}.")]
    internal static partial void Audited(ILogger logger, string role, int count, bool signed);

    [LoggerMessage(EventId = 5701, EventName = "RowSecurityFinding", Level = LogLevel.Error, Message = "The database does not hold rows to their tenant: {ErrorType}. {Detail}")]
    internal static partial void Finding(ILogger logger, string errorType, string detail);

    [LoggerMessage(EventId = 5710, EventName = "RowSecurityFindingAccepted", Level = LogLevel.Warning, Message = "A finding of the "
        + "database is accepted: {ErrorType}. {Detail}")]
    internal static partial void FindingAccepted(ILogger logger, string errorType, string detail);

    [LoggerMessage(EventId = 5711, EventName = "RowSecuritySchemaExcluded", Level = LogLevel.Warning, Message = "Schema {Schema} is "
        + "excluded from the audit of the database")]
    internal static partial void SchemaExcluded(ILogger logger, string schema);

    [LoggerMessage(EventId = 5730, EventName = "DatabaseReadinessSignalFailed", Level = LogLevel.Error,
        Message = "A readiness signal failed when the state of {Dependency} was reported; it is reported again")]
    internal static partial void ReadinessSignalFailed(ILogger logger, string dependency, Exception exception);
}
