using Microsoft.Extensions.Logging;
using ZeroTrust.Shared;

namespace ZeroTrust.Oidc.Diagnostics;

/// <summary>Logs what happens to the keys of issuers, whatever log providers do.</summary>
internal static class OidcEvents
{
    public static WatchEvents To(ILogger logger)
    {
        var bounded = new BoundedLogger(logger);
        return new WatchEvents
        {
            ListenerFailed = (source, exception) => bounded.IssuerKeyListenerFailed(source, exception),
            LookFailed = (source, exception) => bounded.IssuerKeyRefreshFailed(source, exception),
            SignalFailed = (dependency, exception) => bounded.ReadinessSignalFailed(dependency, exception),
        };
    }
}
