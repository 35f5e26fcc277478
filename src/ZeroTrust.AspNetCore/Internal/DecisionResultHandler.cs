using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Answers for the authorization middleware. A call passes only when the endpoint's decision itself accepted it.</summary>
internal sealed class DecisionResultHandler(RejectionHandler rejections) : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        var call = GuardedCall.Of(context);
        return authorizeResult.Succeeded && call?.Admit() == true
            ? next(context)
            : rejections.RefuseAsync(context, Refusal(call, authorizeResult));
    }

    private static Rejection Refusal(GuardedCall? call, PolicyAuthorizationResult result)
    {
        if (call?.Verdict is not { } verdict)
        {
            return AspNetCoreRejections.Refuse(
                AspNetCoreRejectionReason.EndpointUndecided,
                call is null ? "The endpoint feature of the call was exchanged." : "The policy of endpoint decisions did not run.");
        }

        return verdict.Rejection ?? (result.Challenged
            ? AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.Unauthenticated, "A policy of the application wants an authenticated user.")
            : AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.Forbidden, "A policy of the application refused the user."));
    }
}
