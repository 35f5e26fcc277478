using Microsoft.Extensions.Logging;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Diagnostics;

/// <summary>Logs what happens to the certificates of edge listeners, whatever log providers do.</summary>
internal static class ListenerEvents
{
    public static WatchEvents To(ILogger logger)
    {
        var bounded = new BoundedLogger(logger);
        return new WatchEvents
        {
            LookFailed = (source, exception) => Log.CertificateLookFailed(bounded, source, exception),
            SignalFailed = (dependency, exception) => Log.ReadinessSignalFailed(bounded, dependency, exception),
        };
    }
}
