using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using ZeroTrust.Npgsql.Diagnostics;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>Stops the host when the database does not hold rows to their tenant, or cannot be asked.</summary>
internal sealed class RowSecurityCheck(NpgsqlDataSource source, IOptions<RowLevelSecurityOptions> options, ILogger<RowSecurityCheck> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var report = await AuditAsync(cancellationToken).ConfigureAwait(false);
        foreach (var finding in report.Findings)
        {
            Log.Finding(logger, finding.Code, finding.Detail);
        }

        if (report.Findings.Count > 0)
        {
            throw new InvalidOperationException(
                $"The database does not hold rows to their tenant:{Environment.NewLine}- {string.Join($"{Environment.NewLine}- ", report.Findings)}");
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
