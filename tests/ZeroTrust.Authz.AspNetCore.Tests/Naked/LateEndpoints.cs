using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Authz.AspNetCore.Tests.Naked;

/// <summary>Endpoints that come after the start.</summary>
internal sealed class LateEndpoints : EndpointDataSource, IDisposable
{
    private readonly Lock _lock = new();
    private List<Endpoint> _endpoints = [];
    private CancellationTokenSource _changed = new();

    public override IReadOnlyList<Endpoint> Endpoints => _endpoints;

    public override IChangeToken GetChangeToken() => new CancellationChangeToken(_changed.Token);

    public void Publish(string path, params object[] metadata) => Publish(path, context => context.Response.WriteAsync("late"), metadata);

    public void Publish(string path, RequestDelegate answer, params IEnumerable<object> metadata)
    {
        CancellationTokenSource previous;
        lock (_lock)
        {
            _endpoints = [new RouteEndpoint(answer, RoutePatternFactory.Parse(path), 0, new EndpointMetadataCollection(metadata), path)];
            previous = _changed;
            _changed = new CancellationTokenSource();
        }

        previous.Cancel();
        previous.Dispose();
    }

    public void Dispose() => _changed.Dispose();
}
