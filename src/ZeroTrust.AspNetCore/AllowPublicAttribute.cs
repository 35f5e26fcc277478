using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore;

/// <summary>
/// The decision that everyone who can reach the listener may call. For a gRPC method, a controller action or, through <c>AllowPublic</c>,
/// any endpoint.
/// </summary>
/// <remarks>No identity is checked here. On mesh and management listeners the peer is still verified.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AllowPublicAttribute : Attribute, IEndpointDecision
{
    /// <summary>Makes the decision.</summary>
    /// <param name="reason">Why that is safe; shown in listings and logs.</param>
    /// <exception cref="ArgumentException"><paramref name="reason"/> is empty.</exception>
    public AllowPublicAttribute(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        Reason = reason;
    }

    /// <summary>Why that is safe.</summary>
    public string Reason { get; }

    /// <inheritdoc/>
    public string Description => "public: " + Reason;

    /// <inheritdoc/>
    public Verdict<IEndpointDecision> Decide(HttpContext context) => Verdict.Accept<IEndpointDecision>(this);

    /// <inheritdoc/>
    public override string ToString() => Description;
}
