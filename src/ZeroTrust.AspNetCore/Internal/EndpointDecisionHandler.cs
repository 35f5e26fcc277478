using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Diagnostics;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Runs the one decision of the endpoint; anything but exactly one is refused.</summary>
internal sealed class EndpointDecisionHandler(ILogger<EndpointDecisionHandler> logger) : AuthorizationHandler<EndpointDecisionRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, EndpointDecisionRequirement requirement)
    {
        if (context.Resource is not HttpContext http)
        {
            context.Fail(new AuthorizationFailureReason(this, "A decision is made about calls only."));
            return Task.CompletedTask;
        }

        var verdict = Decide(http);
        http.Features.Set(new DecisionOutcome(http.GetEndpoint(), verdict));
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

    private Verdict<IEndpointDecision> Decide(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
        {
            return AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.EndpointNotFound, "No endpoint matches the request.");
        }

        var decisions = endpoint.Metadata.GetOrderedMetadata<IEndpointDecision>();
        if (decisions.Count != 1)
        {
            return AspNetCoreRejections.Refuse(
                AspNetCoreRejectionReason.EndpointUndecided,
                $"{endpoint.DisplayName} has {decisions.Count} decisions: {string.Join("; ", decisions.Select(decision => decision.Description))}.");
        }

        try
        {
            return decisions[0].Decide(context);
        }
        catch (RejectionException exception)
        {
            return exception.Rejection;
        }
        catch (Exception exception)
        {
            Log.CheckFailed(logger, decisions[0].Description, exception);
            return AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.CheckFailed, "The endpoint's decision ended in an exception.");
        }
    }
}
