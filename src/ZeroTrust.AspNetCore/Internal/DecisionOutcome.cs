using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>What the decision of an endpoint said; the framework's challenge result cannot carry it, and its own mark names no endpoint.</summary>
internal sealed record DecisionOutcome(Endpoint? Endpoint, Verdict<IEndpointDecision> Verdict)
{
    /// <summary>Whether the call was accepted for the endpoint that is served now, or for the one whose failure is being answered.</summary>
    public static bool IsAccepted(HttpContext context) =>
        context.Features.Get<DecisionOutcome>() is { Verdict.IsAccepted: true } outcome
        && (context.GetEndpoint() is not { } endpoint || ReferenceEquals(endpoint, outcome.Endpoint));
}
