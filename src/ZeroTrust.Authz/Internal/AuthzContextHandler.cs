using Microsoft.Extensions.Logging;
using ZeroTrust.Authz.Diagnostics;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz.Internal;

/// <summary>Attaches the current context to every request of one HTTP client, linked to the one server the client is bound to.</summary>
internal sealed class AuthzContextHandler(
    IAuthzContextAccessor accessor, AuthzContextLinker linker, WorkloadId to, PermissionSet? narrowTo, ILogger<AuthzContextHandler> logger,
    IEnumerable<IOutboundRejectionMapper> mappers) : DelegatingHandler
{
    private readonly QuietLogger _logger = new(logger);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Attach(request);
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Attach(request);
        return base.Send(request, cancellationToken);
    }

    private void Attach(HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri?.Scheme != Uri.UriSchemeHttps)
        {
            throw new InvalidOperationException("A context is sent over https only.");
        }

        if (!Link().TryGet(out var headers, out var rejection))
        {
            Log.ContextNotSent(_logger, to, rejection.Code, rejection.Detail);
            var refusal = new RejectionException(rejection);
            throw mappers.Select(mapper => mapper.Map(request, refusal)).FirstOrDefault(mapped => mapped is not null) ?? refusal;
        }

        Set(request, TxnHeaderNames.Token, headers.Token);
        Set(request, TxnHeaderNames.Chain, headers.Chain);
        Set(request, TxnHeaderNames.Certs, headers.Certs);
    }

    private Verdict<TxnHeaders> Link() => accessor.Current is { } context
        ? linker.Link(context, to, narrowTo)
        : AuthzRejections.Refuse(AuthzRejectionReason.ContextMissing, "There is no current context to send; nothing was sent.").ToOutbound();

    // Replaced, not added: a retry sends the same message again, and two values are refused.
    private static void Set(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }
}
