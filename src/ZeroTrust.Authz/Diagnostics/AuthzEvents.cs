using Microsoft.Extensions.Logging;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz.Diagnostics;

/// <summary>Logs what happens to the keys of token services, whatever log providers do.</summary>
internal static class AuthzEvents
{
    public static WatchEvents To(ILogger logger, string? issuer = null, string? file = null)
    {
        var bounded = new BoundedLogger(logger);
        return new WatchEvents
        {
            ReloadFailed = (_, detail) => Log.TokenServiceKeysUnreadable(bounded, issuer ?? string.Empty, file ?? string.Empty, detail),
            Doubted = (_, detail) => Log.TokenServiceKeysUnreadable(bounded, issuer ?? string.Empty, file ?? string.Empty, detail),
            Shrank = (_, detail) => Log.TokenServiceKeysShrank(bounded, issuer ?? string.Empty, detail),
            ListenerFailed = (source, exception) => Log.KeyListenerFailed(bounded, source, exception),
            LookFailed = (source, exception) => Log.KeyLookFailed(bounded, source, exception),
            SignalFailed = (dependency, exception) => Log.ReadinessSignalFailed(bounded, dependency, exception),
        };
    }
}
