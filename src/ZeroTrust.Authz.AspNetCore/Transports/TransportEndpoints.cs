using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Authz.AspNetCore.Transports;

/// <summary>
/// Tells the endpoints that take requests of SignalR connections. Hubs say so; plain connection handlers do not, but each has a twin for
/// negotiation, which does.
/// </summary>
internal sealed class TransportEndpoints : IDisposable
{
    /// <summary>The end of the route by which browsers end a circuit of Blazor Server.</summary>
    public const string EndSuffix = "/disconnect";

    private const string NegotiateSuffix = "/negotiate";

    private readonly EndpointDataSource _source;
    private readonly IDisposable _changes;
    private volatile FrozenSet<string>? _routes;
    private volatile FrozenSet<string>? _ends;

    public TransportEndpoints(EndpointDataSource source)
    {
        _source = source;
        _changes = ChangeToken.OnChange(source.GetChangeToken, () => _routes = _ends = null);
    }

    public bool Contains(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HubMetadata>() is not null
        || (RouteOf(endpoint) is { } route && (_routes ??= FindRoutes()).Contains(route));

    public bool EndsCircuits(Endpoint endpoint) => RouteOf(endpoint) is { } route && (_ends ??= FindEnds()).Contains(route);

    public void Dispose() => _changes.Dispose();

    private static string? RouteOf(Endpoint endpoint) => (endpoint as RouteEndpoint)?.RoutePattern.RawText?.Trim('/');

    private FrozenSet<string> FindRoutes() => _source.Endpoints
        .Where(endpoint => endpoint.Metadata.GetMetadata<NegotiateMetadata>() is not null)
        .Select(RouteOf)
        .Where(route => route is not null && ("/" + route).EndsWith(NegotiateSuffix, StringComparison.OrdinalIgnoreCase))
        .Select(route => ("/" + route)[..^NegotiateSuffix.Length].Trim('/'))
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private FrozenSet<string> FindEnds() => _source.Endpoints
        .Where(endpoint => endpoint.Metadata.GetMetadata<HubMetadata>() is { } hub && CircuitHub.Is(hub.HubType))
        .Select(endpoint => (RouteOf(endpoint) + EndSuffix).Trim('/'))
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
