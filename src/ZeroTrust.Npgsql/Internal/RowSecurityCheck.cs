using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using ZeroTrust.Npgsql.Diagnostics;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>Stops the host when the database does not hold rows to their tenant, or cannot be asked.</summary>
internal sealed class RowSecurityCheck(
    NpgsqlDataSource source, IEnumerable<CrossTenantSource> crossTenant, IOptions<RowLevelSecurityOptions> options,
        ILogger<RowSecurityCheck> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var schema in options.Value.ExcludedSchemas)
        {
            Log.SchemaExcluded(logger, schema);
        }

        var report = await AuditAsync(cancellationToken).ConfigureAwait(false);
        var findings = report.Findings.ToList();
        var accepted = report.Accepted.ToList();
        foreach (var granted in crossTenant)
        {
            var reads = await GrantedRole.Of(granted.Source, options.Value).AuditAsync(cancellationToken).ConfigureAwait(false);
            findings.AddRange(reads.Findings);
            accepted.AddRange(reads.Accepted);
        }

        foreach (var finding in accepted)
        {
            Log.FindingAccepted(logger, finding.Code, finding.Detail);
        }

        foreach (var finding in findings)
        {
            Log.Finding(logger, finding.Code, finding.Detail);
        }

        if (findings.Count > 0)
        {
            throw new InvalidOperationException(
                $"The database does not hold rows to their tenant:{Environment.NewLine}- "
                    + $"{string.Join($"{Environment.NewLine}- ", findings)}");
        }

        Log.Audited(logger, report.Role, report.Tables.Count, options.Value.SigningKey is not null);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<RowSecurityReport> AuditAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Value.AuditTimeout);
        try
        {
            return await RowSecurityAudit.RunAsync(source, options.Value, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RejectionException(NpgsqlRejections.Refuse(NpgsqlRejectionReason.AuditFailed, "The database could not be audited, so it is not used."), exception);
        }
    }
}
