using Microsoft.Extensions.Logging;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Diagnostics;

/// <summary>Logs and counts what happens to watched sources, whatever log providers and meter listeners do.</summary>
internal static class MtlsEvents
{
    public static WatchEvents To(ILogger logger, MtlsMetrics? metrics = null)
    {
        var quiet = new QuietLogger(logger);
        return new WatchEvents
        {
            Reloaded = source =>
            {
                Quietly.Run(() => metrics?.Reloaded(source, succeeded: true));
                Log.SourceReloaded(quiet, source);
            },
            ReloadFailed = (source, detail) =>
            {
                Quietly.Run(() => metrics?.Reloaded(source, succeeded: false));
                Log.SourceReloadFailed(quiet, source, detail);
            },
            ListenerFailed = (source, exception) => Log.ChangeListenerFailed(quiet, source, exception),
            LookFailed = (source, exception) => Log.LookFailed(quiet, source, exception),
            SignalFailed = (dependency, exception) => Log.ReadinessSignalFailed(quiet, dependency, exception),
        };
    }
}
