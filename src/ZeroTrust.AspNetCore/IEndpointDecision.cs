using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore;

/// <summary>Endpoint metadata: the one thing that decides whether a call may reach the endpoint.</summary>
/// <remarks>
/// An endpoint has exactly one; none or two are refused. It is authorization data of the policy
/// <see cref="EndpointDecisionPolicy.Name"/> too, so the framework itself fails the call where the authorization
/// middleware was forgotten.
/// </remarks>
[SuppressMessage("Design", "CA1033", Justification = "An interface cannot be sealed; the authorization data of a decision is fixed.")]
public interface IEndpointDecision : IAuthorizeData
{
    /// <summary>What is decided, in a few words, for logs and listings; for example <c>permission orders:read</c>.</summary>
    string Description { get; }

    /// <inheritdoc/>
    string? IAuthorizeData.Policy
    {
        get => EndpointDecisionPolicy.Name;
        set => throw new NotSupportedException("The policy of a decision is fixed.");
    }

    /// <inheritdoc/>
    string? IAuthorizeData.Roles
    {
        get => null;
        set => throw new NotSupportedException("A decision asks for no roles.");
    }

    /// <inheritdoc/>
    string? IAuthorizeData.AuthenticationSchemes
    {
        get => null;
        set => throw new NotSupportedException("A decision authenticates nobody.");
    }

    /// <summary>Decides one call from the proofs that the earlier middleware left on it.</summary>
    /// <param name="context">The call.</param>
    /// <returns>This decision when the call is accepted; otherwise the rejection. An exception is a refusal too.</returns>
    Verdict<IEndpointDecision> Decide(HttpContext context);

    /// <summary>Asks once more about what may have changed since <see cref="Decide"/> accepted the call, immediately before its endpoint runs.</summary>
    /// <param name="context">The call.</param>
    /// <returns>Why it may not run; null when it may, and where nothing can have changed.</returns>
    Rejection? DecideAgain(HttpContext context) => null;
}
