using Microsoft.Extensions.Logging;

namespace ZeroTrust.Npgsql.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(EventId = 5700, EventName = "RowSecurityAudited", Level = LogLevel.Information,
        Message = "Role {Role} is held to the tenant in {Count} tables; the tenant is signed: {Signed}.")]
    internal static partial void Audited(ILogger logger, string role, int count, bool signed);

    [LoggerMessage(EventId = 5701, EventName = "RowSecurityFinding", Level = LogLevel.Error, Message = "The database does not hold rows to their tenant: {ErrorType}. {Detail}")]
    internal static partial void Finding(ILogger logger, string errorType, string detail);
}
