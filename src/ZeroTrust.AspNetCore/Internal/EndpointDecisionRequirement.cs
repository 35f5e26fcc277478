using Microsoft.AspNetCore.Authorization;

namespace ZeroTrust.AspNetCore.Internal;

internal sealed class EndpointDecisionRequirement : IAuthorizationRequirement
{
    public override string ToString() => "The endpoint's one decision accepts the call.";
}
