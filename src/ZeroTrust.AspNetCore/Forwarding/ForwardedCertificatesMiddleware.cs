using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.AspNetCore.Internal;
using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore.Forwarding;

/// <summary>Takes every header that carries a client's certificate, and believes it only from a listed proxy and only after verifying it here.</summary>
internal sealed class ForwardedCertificatesMiddleware(
    RequestDelegate next, RejectionHandler rejections, AspNetCoreMetrics metrics, ILogger<ForwardedCertificatesMiddleware> logger)
{
    private static readonly Func<string, string?> Recognize = CertificateHeader.Recognize;

    public Task InvokeAsync(HttpContext context)
    {
        var headers = InboundHeaders.Take(context.Request.Headers, Recognize);
        var peer = context.GetVerifiedPeer();
        if (peer is null || context.Features.Get<ForwardingPolicy>() is not { } policy || !policy.IsProxy(peer))
        {
            for (var i = 0; i < headers.Count; i++)
            {
                Stripped(context, headers[i], peer);
            }

            return next(context);
        }

        if (Identify(context, headers, policy, peer) is { } rejection)
        {
            return rejections.RefuseAsync(context, rejection);
        }

        return next(context);
    }

    private Rejection? Identify(HttpContext context, IReadOnlyList<InboundHeader> headers, ForwardingPolicy policy, VerifiedPeer proxy)
    {
        var (leaf, chain) = (StringValues.Empty, StringValues.Empty);
        foreach (var header in headers)
        {
            switch (header)
            {
                case { Name: CertificateHeader.Leaf, IsExact: true }:
                    leaf = header.Values;
                    break;
                case { Name: CertificateHeader.Chain, IsExact: true }:
                    chain = header.Values;
                    break;
                default:
                    // A proxy cleans the two names it writes; another spelling is what the client behind it wrote.
                    Stripped(context, header, proxy);
                    break;
            }
        }

        if (leaf.Count == 0 && chain.Count == 0)
        {
            return policy.CheckClient(proxy).IsAccepted
                ? null
                : AspNetCoreRejections.Refuse(
                    AspNetCoreRejectionReason.ForwardedCertificateMissing, "The proxy is no peer of this listener itself and forwarded no certificate.");
        }

        if (!CertificateField.Read(leaf, chain).TryGet(out var certificates, out var rejection))
        {
            return rejection;
        }

        var verifier = context.RequestServices.GetRequiredService<PeerVerifier>();
        if (!verifier.Verify(certificates, PeerRole.Client).TryGet(out var client, out rejection)
            || !policy.CheckClient(client).TryGet(out client, out rejection))
        {
            return new Rejection(rejection.Code, $"{rejection.Detail} Forwarded leaf {certificates.LeafSha256}.", rejection.Kind)
            {
                Expected = rejection.Expected,
                Presented = rejection.Presented,
                At = rejection.At,
            };
        }

        Log.ForwardedPeerAccepted(logger, client.ToString(), proxy.ToString(), context.GetListener()?.Name, client.LeafSha256);
        var feature = new ForwardedPeerFeature(client, proxy);
        context.Features.Set<IPeerFeature>(feature);
        context.Features.Set<IForwardedPeerFeature>(feature);
        return null;
    }

    private void Stripped(HttpContext context, InboundHeader header, VerifiedPeer? peer)
    {
        var listener = context.GetListener();
        Log.CertificateHeaderStripped(logger, header.Name, listener?.Name, peer?.ToString());
        metrics.CertificateHeaderStripped(listener?.Name, header.Name);
    }
}
