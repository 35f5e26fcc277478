namespace ZeroTrust.AspNetCore;

/// <summary>The authorization policy that runs the endpoint's <see cref="IEndpointDecision"/>.</summary>
public static class EndpointDecisionPolicy
{
    /// <summary>The policy's name. It is the fallback policy too, so an endpoint without a decision is refused.</summary>
    public const string Name = "ZeroTrust.EndpointDecision";
}
