using Microsoft.Extensions.Logging;
using ZeroTrust.Authz.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz;

/// <summary>Grants reading across tenants, to contexts that hold <see cref="AuthzOptions.CrossTenantPermission"/>. Thread-safe.</summary>
public sealed class CrossTenantGrants
{
    private readonly AuthzOptions _options;
    private readonly ICrossTenantAudit _audit;
    private readonly TimeProvider _time;
    private readonly QuietLogger _logger;

    internal CrossTenantGrants(AuthzOptions options, ICrossTenantAudit audit, TimeProvider time, ILogger<CrossTenantGrants> logger)
    {
        _options = options;
        _audit = audit;
        _time = time;
        _logger = new QuietLogger(logger);
    }

    /// <summary>Grants reading across tenants, once the grant is recorded.</summary>
    /// <param name="context">The context that asks.</param>
    /// <param name="reason">Why, for whoever asks later; name no person in it.</param>
    /// <param name="lifetime">How long, from 1 s to <see cref="AuthzOptions.CrossTenantMaxLifetime"/>. It may outlast the context: a report takes longer than a call.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>
    /// The grant; <c>authz.expired</c>; <c>authz.cross_tenant_not_granted</c> without the permission, or where none is named;
    /// <c>authz.cross_tenant_audit_failed</c> when it could not be recorded.
    /// </returns>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is shorter or longer than that.</exception>
    public async Task<Verdict<CrossTenantGrant>> AcquireAsync(AuthzContext context, string reason, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, _options.CrossTenantMaxLifetime);
        var now = _time.GetUtcNow();
        if (!context.CheckExpiry(now).TryGet(out _, out var rejection) || (rejection = CheckPermission(context)) is not null)
        {
            return Refuse(context, rejection, exception: null);
        }

        var grant = new CrossTenantGrant(context, reason, now, now + lifetime);
        try
        {
            await _audit.WriteAsync(grant, cancellationToken).ConfigureAwait(false);
            return grant;
        }
#pragma warning disable CA1031 // Whatever the audit fails with, there is no grant.
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return Refuse(context, AuthzRejections.Refuse(AuthzRejectionReason.CrossTenantAuditFailed, "The grant could not be recorded."), exception);
        }
    }

    private Rejection? CheckPermission(AuthzContext context)
    {
        if (_options.CrossTenantPermission is not { } permission)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.CrossTenantNotGranted, $"{AuthzOptions.SectionName}:{nameof(AuthzOptions.CrossTenantPermission)} is not set.");
        }

        return context.Permissions.Contains(permission)
            ? null
            : AuthzRejections.Refuse(AuthzRejectionReason.CrossTenantNotGranted, "The context does not hold the permission.", permission, context.Permissions.ToString());
    }

    private Rejection Refuse(AuthzContext context, Rejection rejection, Exception? exception)
    {
        Log.CrossTenantRefused(_logger, exception, context.TransactionId, rejection.Code, rejection.Detail);
        return rejection;
    }
}
