using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using ZeroTrust.AspNetCore.Connections;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.AspNetCore.Internal;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Forwarding;

/// <summary>
/// Takes every header that carries a client's certificate, and believes it only from a listed proxy and only after verifying it here.
/// </summary>
internal sealed class ForwardedCertificatesMiddleware
{
    private readonly RequestDelegate _next;
    private readonly Func<string, string?> _recognize;
    private readonly RejectionHandler _rejections;
    private readonly QuietLogger _logger;
    private readonly StrippedHeaders _stripped;

    public ForwardedCertificatesMiddleware(
        RequestDelegate next,
        CertificateHeaders names,
        RejectionHandler rejections,
        AspNetCoreMetrics metrics,
        TimeProvider time,
        ILogger<ForwardedCertificatesMiddleware> logger)
    {
        _next = next;
        _recognize = names.Recognize;
        _rejections = rejections;
        _logger = new QuietLogger(logger);
        _stripped = new StrippedHeaders(
            _recognize,
            new ListenerEventBudgets(
                time, (listener, suppressed) => Log.CertificateHeadersSuppressed(_logger, listener, suppressed.Count, suppressed.Caller)),
            metrics.CertificateHeaderStripped,
            (headers, listener, workload) => Log.CertificateHeaderStripped(_logger, headers, listener, workload));
    }

    public Task InvokeAsync(HttpContext context)
    {
        var headers = InboundHeaders.Take(context.Request.Headers, _recognize);
        _stripped.CleanTrailersOf(context);
        var peer = context.GetVerifiedPeer();
        if (peer is null || context.Features.Get<ForwardingPolicy>() is not { } policy || !policy.IsProxy(peer))
        {
            if (headers.Count > 0)
            {
                _stripped.Tell(context, headers);
            }

            return _next(context);
        }

        if (!Identify(context, headers, policy, peer).TryGet(out var client, out var rejection))
        {
            return _rejections.RefuseAsync(context, rejection);
        }

        return ReferenceEquals(client, peer) ? _next(context) : ServeAsync(context, client, peer);
    }

    private async Task ServeAsync(HttpContext context, VerifiedPeer client, VerifiedPeer proxy)
    {
        Log.ForwardedPeerAccepted(_logger, client.ToString(), proxy.ToString(), context.GetListener()?.Name, client.LeafSha256);
        var call = new ForwardedCall(context, client, proxy);
        context.Features.Set<IPeerFeature>(call);
        context.Features.Set<IForwardedPeerFeature>(call);
        var live = context.RequestServices.GetRequiredService<LiveConnections>();
        live.Add(call);
        try
        {
            // What is cut is logged and counted as it is cut.
            await GrpcEnding.RunAsync(context, call.Loss, report: null, _next).ConfigureAwait(false);
        }
        finally
        {
            live.Remove(call);
        }
    }

    /// <returns>The forwarded client, or the proxy where it speaks for itself.</returns>
    private Verdict<VerifiedPeer> Identify(
        HttpContext context, IReadOnlyList<InboundHeader> headers, ForwardingPolicy policy, VerifiedPeer proxy)
    {
        var isXfcc = policy.Format == ForwardedCertificateFormat.Xfcc;
        var (leaf, chain) = (StringValues.Empty, StringValues.Empty);
        List<InboundHeader>? others = null;
        foreach (var header in headers)
        {
            switch (header)
            {
                case { Name: CertificateHeaderFamilies.Leaf, IsExact: true } when !isXfcc:
                case { Name: XfccField.Name, IsExact: true } when isXfcc:
                    leaf = header.Values;
                    break;
                case { Name: CertificateHeaderFamilies.Chain, IsExact: true } when !isXfcc:
                    chain = header.Values;
                    break;
                default:
                    // A proxy cleans the names it writes; what comes under another is what the client behind it wrote.
                    (others ??= []).Add(header);
                    break;
            }
        }

        if (others is not null)
        {
            _stripped.Tell(context, others);
        }

        if (leaf.Count == 0 && chain.Count == 0)
        {
            return policy.CheckClient(proxy).IsAccepted
                ? proxy
                : AspNetCoreRejections.Refuse(
                    AspNetCoreRejectionReason.ForwardedCertificateMissing,
                    "The proxy is no peer of this listener itself and forwarded no certificate.");
        }

        var read = isXfcc
            ? XfccField.Read(leaf)
            : CertificateField.Read(leaf, chain, policy.Format == ForwardedCertificateFormat.Rfc9440JoinedChain);
        if (!read.TryGet(out var certificates, out var rejection))
        {
            return rejection;
        }

        var verifier = context.RequestServices.GetRequiredService<PeerVerifier>();
        if (verifier.Verify(certificates, PeerRole.Client).TryGet(out var client, out rejection)
            && policy.CheckClient(client).TryGet(out client, out rejection))
        {
            return client;
        }

        return new Rejection(rejection.Code, $"{rejection.Detail} Forwarded leaf {certificates.LeafSha256}.", rejection.Kind)
        {
            Expected = rejection.Expected,
            Presented = rejection.Presented,
            At = rejection.At,
        };
    }
}
