using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Everyone who reaches the listener may call.</summary>
internal sealed class PublicDecision : IEndpointDecision
{
    public PublicDecision(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        Description = "public: " + reason;
    }

    public string Description { get; }

    public Verdict<IEndpointDecision> Decide(HttpContext context) => Verdict.Accept<IEndpointDecision>(this);

    public override string ToString() => Description;
}
