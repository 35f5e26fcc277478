using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Adds the policy of endpoint decisions, and makes it the fallback whatever the application chose.</summary>
internal sealed class EndpointDecisionPolicySetup : IPostConfigureOptions<AuthorizationOptions>
{
    public void PostConfigure(string? name, AuthorizationOptions options)
    {
        var policy = new AuthorizationPolicy([new EndpointDecisionRequirement()], []);
        options.AddPolicy(EndpointDecisionPolicy.Name, policy);
        options.FallbackPolicy = policy;
    }
}
