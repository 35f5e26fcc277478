using System.Collections.Concurrent;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ZeroTrust.HealthChecks.Exposure;

/// <summary>Middleware that answers on its own, with more than a caller should see.</summary>
/// <remarks>
/// A pipeline does not tell what it is made of, but these ask for a logger when they are made. Where the application replaced the whole logger
/// factory nothing is seen, and nothing is claimed.
/// </remarks>
internal sealed class PipelineExposure : ILoggerProvider
{
    private const string DeveloperPage = "Microsoft.AspNetCore.Diagnostics.DeveloperExceptionPageMiddleware";
    private const string DatabasePage = "Microsoft.AspNetCore.Diagnostics.EntityFrameworkCore.DatabaseErrorPageMiddleware";
    private const string Migrations = "Microsoft.AspNetCore.Diagnostics.EntityFrameworkCore.MigrationsEndPointMiddleware";

    private readonly ConcurrentDictionary<string, bool> _made = new(StringComparer.Ordinal);

    public ILogger CreateLogger(string categoryName)
    {
        if (categoryName is DeveloperPage or DatabasePage or Migrations)
        {
            _made.TryAdd(categoryName, value: true);
        }

        return NullLogger.Instance;
    }

    public IEnumerable<Finding> Find(IEnumerable<IDeveloperPageExceptionFilter> filters)
    {
        if (_made.ContainsKey(DeveloperPage) || _made.ContainsKey(DatabasePage))
        {
            yield return new(ExposureNames.Of(DiagnosticsExposure.DeveloperExceptionPage), "the developer exception page is in the pipeline", "remove it");
        }

        foreach (var filter in filters)
        {
            yield return new(ExposureNames.Of(DiagnosticsExposure.DeveloperExceptionPage), $"{filter.GetType().Name} is registered for the developer exception page", "remove it");
        }

        if (_made.ContainsKey(Migrations))
        {
            yield return new(ExposureNames.Of(DiagnosticsExposure.MigrationsEndpoint), "the migrations endpoint is in the pipeline", "remove it");
        }
    }

    public void Dispose()
    {
    }
}
