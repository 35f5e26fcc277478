using Microsoft.Extensions.Logging;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz.Diagnostics;

/// <summary>Logs what happens to the keys of token services, whatever log providers do.</summary>
internal static class AuthzEvents
{
    public static WatchEvents To(ILogger logger, string? issuer = null, string? file = null)
    {
        var quiet = new QuietLogger(logger);
        return new WatchEvents
        {
            ReloadFailed = (_, detail) => Log.TokenServiceKeysUnreadable(quiet, issuer ?? string.Empty, file ?? string.Empty, detail),
            ListenerFailed = (source, exception) => Log.KeyListenerFailed(quiet, source, exception),
            LookFailed = (source, exception) => Log.KeyLookFailed(quiet, source, exception),
            SignalFailed = (dependency, exception) => Log.ReadinessSignalFailed(quiet, dependency, exception),
        };
    }
}
