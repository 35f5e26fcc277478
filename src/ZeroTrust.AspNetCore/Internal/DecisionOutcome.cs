namespace ZeroTrust.AspNetCore.Internal;

/// <summary>What the endpoint's decision said; the framework's challenge result cannot carry it.</summary>
internal sealed record DecisionOutcome(Verdict<IEndpointDecision> Verdict);
