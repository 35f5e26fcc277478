using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Caching;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>Gives the request its context, or refuses it.</summary>
internal sealed class AuthzContextMiddleware(
    RequestDelegate next,
    AuthzContextVerifier verifier,
    PlainContextReader plainReader,
    IAuthzContextAccessor accessor,
    RejectionHandler rejections,
    ReportOnlyRollout rollout,
    ResponseCachingBarrier responseCaching,
    TimeProvider time)
{
    // For as long as the verifier, or whatever else holds it, remembers the context.
    private readonly ConditionalWeakTable<AuthzContext, ContextIdentity> _identities = [];

    public async Task InvokeAsync(HttpContext context)
    {
        var (verdict, presented) = await ReadAsync(context).ConfigureAwait(false);
        if (presented && !verdict.IsAccepted && !rollout.Serves(context, verdict.Rejection))
        {
            await rejections.RefuseAsync(context, verdict.Rejection).ConfigureAwait(false);
            return;
        }

        responseCaching.Raise(context, verdict.IsAccepted);
        if (verdict.TryGet(out var authz, out _))
        {
            var identity = _identities.GetValue(authz, static authz => new ContextIdentity(authz));
            context.Features.Set<IAuthzContextFeature>(new AuthzContextFeature(verdict, identity));
            ContextUser.Set(context, identity);
            await ServeAsync(context, authz).ConfigureAwait(false);
        }
        else
        {
            context.Features.Set<IAuthzContextFeature>(new AuthzContextFeature(verdict, identity: null));
            await next(context).ConfigureAwait(false);
        }
    }

    private async Task ServeAsync(HttpContext context, AuthzContext authz)
    {
        using var scope = accessor.Enter(authz);
        var deadline = new ContextDeadline(context, authz, time);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            await deadline.DisposeAsync().ConfigureAwait(false);
            if (deadline.HasPassed)
            {
                rejections.Report(context, AuthzRejections.Refuse(AuthzRejectionReason.Expired, "The answer outlasted its context."));
            }
        }
    }

    private async ValueTask<(Verdict<AuthzContext> Verdict, bool Presented)> ReadAsync(HttpContext context)
    {
        var presented = context.Features.Get<PresentedContext>()
            ?? throw new InvalidOperationException("UseContextHeaderStripping() must run before UseAuthzContext().");
        if (presented.Plain is { } plain)
        {
            return plain.TryGet(out var values, out var rejection) && context.GetVerifiedPeer() is { } peer
                ? (plainReader.Read(values, peer), true)
                : (rejection ?? Rejection.NotEvaluated, true);
        }

        if (presented.Headers is { } headers)
        {
            return headers.TryGet(out var values, out var rejection) && context.GetVerifiedPeer() is { } peer
                ? (verifier.Verify(values, peer), true)
                : (rejection ?? Rejection.NotEvaluated, true);
        }

        if (context.GetListener()?.Role is ListenerRole.Edge
            && context.RequestServices.GetService<IEdgeContextProvider>() is { } provider)
        {
            var isPresented = provider.IsPresented(context);
            return (await provider.GetContextAsync(context, context.RequestAborted).ConfigureAwait(false), isPresented);
        }

        return (AuthzRejections.Refuse(AuthzRejectionReason.ContextMissing, "No context was presented."), false);
    }
}
