using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ZeroTrust.Authz.Grpc.Internal;

/// <summary>A call whose token is cancelled when its context expires; everything else is the call itself.</summary>
internal sealed class BoundCallContext : ServerCallContext
{
    private const string HttpContextKey = "__HttpContext"; // where GetHttpContext() looks on a call context that is not gRPC's own

    private readonly ServerCallContext _inner;

    public BoundCallContext(ServerCallContext inner, HttpContext http, CancellationToken cancellationToken)
    {
        _inner = inner;
        CancellationTokenCore = cancellationToken;
        inner.UserState[HttpContextKey] = http;
    }

    protected override string MethodCore => _inner.Method;

    protected override string HostCore => _inner.Host;

    protected override string PeerCore => _inner.Peer;

    protected override DateTime DeadlineCore => _inner.Deadline;

    protected override Metadata RequestHeadersCore => _inner.RequestHeaders;

    protected override CancellationToken CancellationTokenCore { get; }

    protected override Metadata ResponseTrailersCore => _inner.ResponseTrailers;

    protected override Status StatusCore
    {
        get => _inner.Status;
        set => _inner.Status = value;
    }

    protected override WriteOptions? WriteOptionsCore
    {
        get => _inner.WriteOptions;
        set => _inner.WriteOptions = value;
    }

    protected override AuthContext AuthContextCore => _inner.AuthContext;

    protected override IDictionary<object, object> UserStateCore => _inner.UserState;

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        _inner.CreatePropagationToken(options);

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => _inner.WriteResponseHeadersAsync(responseHeaders);
}
