using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Runs the one decision of the endpoint for the authorization middleware.</summary>
internal sealed class EndpointDecisionHandler(EndpointJudge judge) : AuthorizationHandler<EndpointDecisionRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, EndpointDecisionRequirement requirement)
    {
        if (context.Resource is not HttpContext http || GuardedCall.Of(http) is not { } call)
        {
            context.Fail(new AuthorizationFailureReason(this, "A decision is made about calls that the server began, and about nothing else."));
            return Task.CompletedTask;
        }

        var verdict = judge.Decide(http, call.Endpoint);
        call.Decided(verdict);
        if (verdict.TryGet(out _, out var rejection))
        {
            context.Succeed(requirement);
        }
        else
        {
            context.Fail(new AuthorizationFailureReason(this, rejection.Code));
        }

        return Task.CompletedTask;
    }
}
