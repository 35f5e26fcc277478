using System.Collections.Frozen;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks.Internal;

namespace ZeroTrust.HealthChecks.Exposure;

/// <summary>Endpoints that tell a service's insides, wherever their paths are reachable for anyone but operators.</summary>
internal static class EndpointExposure
{
    private const string StockHealthChecks = "Health checks";

    // The first segment that the common packages use: Prometheus, OpenAPI and its pages, health pages, job and profiler pages, expvar and pprof.
    private static readonly FrozenSet<string> Segments = new[]
    {
        "metrics", "prometheus", "openapi", "swagger", "scalar", "redoc", "api-docs", "healthchecks-ui", "healthchecks-api", "health-ui",
        "hangfire", "elmah", "mini-profiler-resources", "profiler", "actuator", "debug", "diagnostics", "trace", "pprof",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<Finding> Find(IEnumerable<Endpoint> endpoints) => endpoints
        .Where(endpoint => IsDiagnostic(endpoint) && !IsForOperators(endpoint))
        .Select(endpoint => Found(RouteOf(endpoint)))
        .Distinct();

    private static Finding Found(string route) => new(
        ExposureNames.OfEndpoint(route),
        $"the diagnostics endpoint {route} is reachable beyond management listeners",
        "add RequirePeer() and OnListeners(ListenerRoles.Management)");

    private static bool IsForOperators(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IListenerRoleMetadata>() is { Roles: ListenerRoles.Management or ListenerRoles.None }
        && endpoint.Metadata.GetMetadata<AllowPublicAttribute>() is null;

    private static bool IsDiagnostic(Endpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<HealthEndpointMetadata>() is not null)
        {
            return false;
        }

        if (endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is { Method.ServiceName: var service })
        {
            return service.StartsWith("grpc.reflection.", StringComparison.Ordinal) || service.StartsWith("grpc.channelz.", StringComparison.Ordinal);
        }

        return endpoint.DisplayName == StockHealthChecks || Segments.Contains(RouteOf(endpoint).Split('/', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? string.Empty);
    }

    private static string RouteOf(Endpoint endpoint) =>
        endpoint is RouteEndpoint { RoutePattern.RawText: { } route } ? '/' + route.TrimStart('/') : endpoint.DisplayName ?? string.Empty;
}
