using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ZeroTrust.HealthChecks.Exposure;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Proves at start what only a finished pipeline shows, before anything listens.</summary>
internal sealed class StartProofFilter(ExposureAudit audit, HealthServices services, IOptions<HealthOptions> options) : IStartupFilter, IDisposable
{
    private IDisposable? _changes;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        // A pipeline is made from its end, so the first component is the last to be asked.
        app.Use(pipeline =>
        {
            ProveServices();
            audit.Run();
            _changes = ChangeToken.OnChange(app.ApplicationServices.GetRequiredService<EndpointDataSource>().GetChangeToken, audit.RunAgain);
            return pipeline;
        });
        next(app);
    };

    public void Dispose() => _changes?.Dispose();

    private void ProveServices()
    {
        var unknown = options.Value.Services.Keys.Where(service => !services.Contains(service)).ToList();
        if (unknown.Count > 0)
        {
            throw new InvalidOperationException(
                $"{HealthOptions.SectionName}:{nameof(options.Value.Services)}: no gRPC service is mapped, and no endpoint named with WithHealthService, as {string.Join(", ", unknown)}.");
        }
    }
}
