using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Authz.AspNetCore.Transports;

/// <summary>
/// Tells the endpoints that take requests of SignalR connections. Hubs say so; plain connection handlers do not, but each has a twin for negotiation,
/// which does.
/// </summary>
internal sealed class TransportEndpoints : IDisposable
{
    private const string NegotiateSuffix = "/negotiate";

    private readonly EndpointDataSource _source;
    private readonly IDisposable _changes;
    private volatile FrozenSet<string>? _routes;

    public TransportEndpoints(EndpointDataSource source)
    {
        _source = source;
        _changes = ChangeToken.OnChange(source.GetChangeToken, () => _routes = null);
    }

    public bool Contains(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HubMetadata>() is not null
        || (RouteOf(endpoint) is { } route && (_routes ??= FindRoutes()).Contains(route));

    public void Dispose() => _changes.Dispose();

    private static string? RouteOf(Endpoint endpoint) => (endpoint as RouteEndpoint)?.RoutePattern.RawText?.Trim('/');

    private FrozenSet<string> FindRoutes() => _source.Endpoints
        .Where(endpoint => endpoint.Metadata.GetMetadata<NegotiateMetadata>() is not null)
        .Select(RouteOf)
        .Where(route => route is not null && ("/" + route).EndsWith(NegotiateSuffix, StringComparison.OrdinalIgnoreCase))
        .Select(route => ("/" + route)[..^NegotiateSuffix.Length].Trim('/'))
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
