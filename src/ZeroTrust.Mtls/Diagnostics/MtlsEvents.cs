using Microsoft.Extensions.Logging;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Diagnostics;

/// <summary>Logs and counts what happens to watched sources, whatever log providers and meter listeners do.</summary>
internal static class MtlsEvents
{
    public static WatchEvents To(ILogger logger, MtlsMetrics? metrics = null)
    {
        var bounded = new BoundedLogger(logger);
        return new WatchEvents
        {
            Reloaded = source => bounded.Run(() =>
            {
                Log.SourceReloaded(bounded, source);
                metrics?.Reloaded(source, succeeded: true);
            }),
            ReloadFailed = (source, detail) => bounded.Run(() =>
            {
                Log.SourceReloadFailed(bounded, source, detail);
                metrics?.Reloaded(source, succeeded: false);
            }),
            Shrank = (source, detail) => bounded.Run(() =>
            {
                Log.SourceShrank(bounded, source, detail);
                metrics?.Reloaded(source, succeeded: true);
            }),
            Doubted = (source, detail) => bounded.Run(() =>
            {
                Log.SourceDoubted(bounded, source, detail);
                metrics?.Reloaded(source, succeeded: false);
            }),
            ListenerFailed = (source, exception) => Log.ChangeListenerFailed(bounded, source, exception),
            LookFailed = (source, exception) => Log.LookFailed(bounded, source, exception),
            SignalFailed = (dependency, exception) => Log.ReadinessSignalFailed(bounded, dependency, exception),
        };
    }
}
