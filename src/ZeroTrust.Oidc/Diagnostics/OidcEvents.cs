using Microsoft.Extensions.Logging;
using ZeroTrust.Shared;

namespace ZeroTrust.Oidc.Diagnostics;

/// <summary>Logs what happens to the keys of issuers, whatever log providers do.</summary>
internal static class OidcEvents
{
    public static WatchEvents To(ILogger logger)
    {
        var quiet = new QuietLogger(logger);
        return new WatchEvents
        {
            ListenerFailed = (source, exception) => quiet.IssuerKeyListenerFailed(source, exception),
            LookFailed = (source, exception) => quiet.IssuerKeyRefreshFailed(source, exception),
            SignalFailed = (dependency, exception) => quiet.ReadinessSignalFailed(dependency, exception),
        };
    }
}
