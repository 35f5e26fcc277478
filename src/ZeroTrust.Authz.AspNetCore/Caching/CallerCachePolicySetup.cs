using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Options;

namespace ZeroTrust.Authz.AspNetCore.Caching;

/// <summary>Adds the policy to every output cache; there is no way to take a base policy away again.</summary>
internal sealed class CallerCachePolicySetup : IPostConfigureOptions<OutputCacheOptions>
{
    public void PostConfigure(string? name, OutputCacheOptions options) => options.AddBasePolicy(new CallerCachePolicy());
}
