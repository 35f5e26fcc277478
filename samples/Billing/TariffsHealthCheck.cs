using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ZeroTrust.Samples.Billing;

/// <summary>Healthy while the tariffs can be read.</summary>
internal sealed class TariffsHealthCheck(Tariffs tariffs) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await tariffs.ReadTaxPercentAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The tariffs cannot be read.", failure);
        }
    }
}
