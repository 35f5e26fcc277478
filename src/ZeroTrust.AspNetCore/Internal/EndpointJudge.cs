using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Asks the one decision of an endpoint; for the authorization middleware, and where an endpoint is about to run that was not asked about.</summary>
internal sealed class EndpointJudge(RejectionHandler rejections, IEnumerable<IEndpointAdmission> admissions, ILogger<EndpointJudge> logger)
{
    private readonly QuietLogger _logger = new(logger);
    private readonly IEndpointAdmission[] _admissions = [.. admissions];

    public Task RefuseAsync(HttpContext context, Rejection rejection) => rejections.RefuseAsync(context, rejection);

    public void Report(HttpContext context, Rejection rejection) => rejections.Report(context, rejection);

    /// <summary>The one decision; anything but exactly one is refused.</summary>
    public Verdict<IEndpointDecision> Decide(HttpContext context, Endpoint? endpoint)
    {
        if (endpoint is null)
        {
            return AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.EndpointNotFound, "No endpoint matches the request.");
        }

        var decisions = endpoint.Metadata.GetOrderedMetadata<IEndpointDecision>();
        if (decisions.Count != 1)
        {
            return Undecided($"{endpoint.DisplayName} has {decisions.Count} decisions: {string.Join("; ", decisions.Select(decision => decision.Description))}.");
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
            Log.CheckFailed(_logger, decisions[0].Description, exception);
            return AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.CheckFailed, "The endpoint's decision ended in an exception.");
        }
    }

    /// <summary>Everything that the pipeline would have asked about an endpoint that is about to run past it.</summary>
    public Rejection? Judge(HttpContext context, GuardedCall? call, Endpoint endpoint, bool hasFurtherPolicies)
    {
        if (call is null)
        {
            return Undecided($"{endpoint.DisplayName} was reached by a call that is not the one the server began, or whose endpoint feature was exchanged.");
        }

        var rejection = ListenerRoleCheck.Check(context, endpoint) ?? Admit(context, endpoint);
        if (rejection is not null || call.Has(endpoint, CallProofs.Admitted))
        {
            return rejection;
        }

        return hasFurtherPolicies
            ? Undecided($"{endpoint.DisplayName} was reached past the authorization middleware, which alone can ask its further policies.")
            : Decide(context, endpoint) is { IsAccepted: false } verdict ? verdict.Rejection : null;
    }

    private static Rejection Undecided(string detail) => AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.EndpointUndecided, detail);

    private Rejection? Admit(HttpContext context, Endpoint endpoint)
    {
        foreach (var admission in _admissions)
        {
            if (admission.Check(context, endpoint) is { } rejection)
            {
                return rejection;
            }
        }

        return null;
    }
}
