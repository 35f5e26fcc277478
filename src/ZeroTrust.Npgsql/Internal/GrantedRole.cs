using System.Runtime.CompilerServices;
using Npgsql;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>Whether the role of a data source was audited as one that reads and does nothing else. Asked until it is, then known.</summary>
internal sealed class GrantedRole(NpgsqlDataSource source)
{
    private static readonly ConditionalWeakTable<NpgsqlDataSource, GrantedRole> Known = [];

    private volatile RowLevelSecurityOptions _options = new();
    private volatile bool _isAudited;

    internal static GrantedRole Of(NpgsqlDataSource source, RowLevelSecurityOptions? options = null)
    {
        var role = Known.GetValue(source, static source => new GrantedRole(source));
        role._options = options ?? role._options;
        return role;
    }

    /// <summary>Refuses a role that may do more than read, or of which that cannot be said.</summary>
    internal static async Task RequireAsync(Func<CancellationToken, Task<RowSecurityReport>> audit, TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        var report = await AuditAsync(audit, timeout, cancellationToken).ConfigureAwait(false);
        if (report.Findings.Count > 0)
        {
            throw new RejectionException(NpgsqlRejections.Refuse(
                NpgsqlRejectionReason.GrantWrites, $"Role {report.Role} may do more than read: {string.Join("; ", report.Findings)}"));
        }
    }

    internal async ValueTask RequireAsync(CancellationToken cancellationToken)
    {
        if (!_isAudited)
        {
            await RequireAsync(stop => RowSecurityAudit.RunForGrantAsync(source, _options, stop), _options.AuditTimeout,
                cancellationToken).ConfigureAwait(false);
            _isAudited = true;
        }
    }

    /// <summary>Waits for the audit where the connection was opened without waiting for it: once for each data source.</summary>
    internal void Require()
    {
        if (!_isAudited)
        {
#pragma warning disable VSTHRD002 // ADO.NET asks synchronously here; nothing of the caller's is waited for.
            Task.Run(() => RequireAsync(CancellationToken.None).AsTask()).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        }
    }

    /// <summary>The audit at start, which tells its findings with the others.</summary>
    internal async Task<RowSecurityReport> AuditAsync(CancellationToken cancellationToken)
    {
        var report = await AuditAsync(stop => RowSecurityAudit.RunForGrantAsync(source, _options, stop), _options.AuditTimeout,
            cancellationToken).ConfigureAwait(false);
        _isAudited = report.Findings.Count == 0;
        return report;
    }

    private static async Task<RowSecurityReport> AuditAsync(Func<CancellationToken, Task<RowSecurityReport>> audit, TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        try
        {
            return await audit(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RejectionException(NpgsqlRejections.Refuse(NpgsqlRejectionReason.AuditFailed, "The role that reads across tenants "
                + "could not be audited, so it is not used."), exception);
        }
    }
}
