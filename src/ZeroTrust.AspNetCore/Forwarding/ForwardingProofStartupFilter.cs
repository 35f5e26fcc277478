using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Options;

namespace ZeroTrust.AspNetCore.Forwarding;

/// <summary>Stops the host where proxies are admitted and nothing looks at whom they forward: each would pass as a peer itself.</summary>
internal sealed class ForwardingProofStartupFilter(IOptions<ListenersOptions> listeners) : IStartupFilter
{
    /// <summary>Left on the application builder by <c>UsePeerCurrency()</c>.</summary>
    public const string PeerChecked = "__ZeroTrust.PeerChecked";

    /// <summary>Left on the application builder by <c>UseForwardedCertificates()</c>.</summary>
    public const string CertificatesRead = "__ZeroTrust.ForwardedCertificatesRead";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        if (!app.Properties.ContainsKey(CertificatesRead)
            && listeners.Value.Listeners.FirstOrDefault(listener => listener.Value.ForwardingProxies.Count > 0) is { Key: { } name })
        {
            throw new InvalidOperationException(
                $"{ListenersOptions.SectionName}:{name}:ForwardingProxies is set and UseForwardedCertificates() was not called: "
                + "proxies would be taken for peers.");
        }
    };
}
