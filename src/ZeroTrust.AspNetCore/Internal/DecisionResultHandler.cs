using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Answers for the authorization middleware. A call passes only when the endpoint's decision itself accepted it.</summary>
internal sealed class DecisionResultHandler(RejectionHandler rejections) : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded && DecisionOutcome.IsAccepted(context))
        {
            return next(context);
        }

        return rejections.RefuseAsync(context, Refusal(context.Features.Get<DecisionOutcome>()?.Verdict, authorizeResult));
    }

    private static Rejection Refusal(Verdict<IEndpointDecision>? outcome, PolicyAuthorizationResult result)
    {
        if (outcome is null)
        {
            return AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.EndpointUndecided, "The policy of endpoint decisions did not run.");
        }

        return outcome.Value.Rejection ?? (result.Challenged
            ? AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.Unauthenticated, "A policy of the application wants an authenticated user.")
            : AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.Forbidden, "A policy of the application refused the user."));
    }
}
