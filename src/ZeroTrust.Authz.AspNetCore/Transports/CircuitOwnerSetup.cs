using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace ZeroTrust.Authz.AspNetCore.Transports;

/// <summary>Adds the filter to every hub: each takes the filters of all hubs first, and there is no way to take one away again.</summary>
internal sealed class CircuitOwnerSetup(CircuitOwnerFilter filter) : IPostConfigureOptions<HubOptions>
{
    public void PostConfigure(string? name, HubOptions options) => options.AddFilter(filter);
}
