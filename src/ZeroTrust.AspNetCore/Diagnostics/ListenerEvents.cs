using Microsoft.Extensions.Logging;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Diagnostics;

/// <summary>Logs what happens to the certificates of edge listeners, whatever log providers do.</summary>
internal static class ListenerEvents
{
    public static WatchEvents To(ILogger logger)
    {
        var quiet = new QuietLogger(logger);
        return new WatchEvents
        {
            LookFailed = (source, exception) => Log.CertificateLookFailed(quiet, source, exception),
            SignalFailed = (dependency, exception) => Log.ReadinessSignalFailed(quiet, dependency, exception),
        };
    }
}
