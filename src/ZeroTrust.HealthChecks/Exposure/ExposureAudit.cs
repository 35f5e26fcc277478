using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.HealthChecks.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.HealthChecks.Exposure;

/// <summary>Stops the host when diagnostics are open that nobody has allowed. In Development they are only told.</summary>
internal sealed class ExposureAudit(
    IServiceProvider services,
    RuntimeExposure runtime,
    PipelineExposure pipeline,
    IConfiguration configuration,
    IHostEnvironment environment,
    IEnumerable<Weakening> weakenings,
    HealthMetrics metrics,
    ILogger<ExposureAudit> logger)
{
    private readonly QuietLogger _logger = new(logger);
    private readonly Weakening[] _allowed = [.. weakenings.Where(weakening => weakening.Name.StartsWith(ExposureNames.Prefix, StringComparison.Ordinal)).Distinct()];

    /// <summary>Judges a process whose pipeline is made and which does not listen yet.</summary>
    /// <exception cref="InvalidOperationException">Something is open outside Development, and nobody allowed it; every such thing is named.</exception>
    public void Run()
    {
        foreach (var weakening in _allowed)
        {
            Log.CheckWeakened(_logger, weakening.Name, weakening.Reason);
        }

        metrics.ObserveWeakenings(_allowed);
        var source = services.GetRequiredService<EndpointDataSource>();
        Finding[] open = [.. runtime.Find(), .. FindSettings(), .. pipeline.Find(services.GetServices<IDeveloperPageExceptionFilter>()), .. EndpointExposure.Find(source.Endpoints)];
        Finding[] refused = [.. open.Where(IsRefused)];
        if (environment.IsDevelopment())
        {
            foreach (var finding in refused)
            {
                Log.DiagnosticsOpen(_logger, finding.Description, finding.Remedy);
            }
        }
        else if (refused.Length > 0)
        {
            throw new InvalidOperationException(
                "Diagnostics are open outside Development. Close them, or allow each with a reason (DangerousHealthChecks):"
                + string.Concat(refused.Select(finding => $"{Environment.NewLine}- {finding.Name}: {finding.Description}; {finding.Remedy}.")));
        }
    }

    /// <summary>Tells of endpoints that came after the start.</summary>
    public void RunAgain()
    {
        foreach (var finding in EndpointExposure.Find(services.GetRequiredService<EndpointDataSource>().Endpoints).Where(IsRefused))
        {
            Log.LateDiagnosticsOpen(_logger, finding.Description, finding.Remedy);
        }
    }

    private bool IsRefused(Finding finding) => !_allowed.Any(weakening => weakening.Name == finding.Name);

    private IEnumerable<Finding> FindSettings()
    {
        if (configuration[WebHostDefaults.HostingStartupAssembliesKey] is { Length: > 0 } assemblies)
        {
            yield return new(ExposureNames.Of(DiagnosticsExposure.HostingStartup), $"{WebHostDefaults.HostingStartupAssembliesKey} names {assemblies}", "unset ASPNETCORE_HOSTINGSTARTUPASSEMBLIES");
        }

        if (configuration[WebHostDefaults.DetailedErrorsKey] is { Length: > 0 } detailed && !string.Equals(detailed, "false", StringComparison.OrdinalIgnoreCase) && detailed != "0")
        {
            yield return new(ExposureNames.Of(DiagnosticsExposure.DetailedErrors), $"{WebHostDefaults.DetailedErrorsKey} is {detailed}", "unset ASPNETCORE_DETAILEDERRORS");
        }

        if (services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value.EnableDetailedErrors == true)
        {
            yield return new(ExposureNames.Of(DiagnosticsExposure.DetailedErrors), "gRPC's EnableDetailedErrors is on", "switch it off");
        }
    }
}
