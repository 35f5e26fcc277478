using Microsoft.Extensions.Logging;
using ZeroTrust.Authz.Diagnostics;

namespace ZeroTrust.Authz.Internal;

internal sealed class LoggedCrossTenantAudit(ILogger<CrossTenantGrants> logger) : ICrossTenantAudit
{
    public Task WriteAsync(CrossTenantGrant grant, CancellationToken cancellationToken)
    {
        var context = grant.GrantedTo;
        Log.CrossTenantGranted(logger, context.Subject, context.Tenant, grant.ExpiresAt, context.TransactionId, grant.Reason);
        return Task.CompletedTask;
    }
}
