using Microsoft.Extensions.Logging;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz.Diagnostics;

/// <summary>Logs what happens to the keys of token services, whatever log providers do.</summary>
internal static class AuthzEvents
{
    public static WatchEvents To(ILogger logger) => To(logger, string.Empty, string.Empty, static () => false);

    /// <param name="logger">Where they are logged.</param>
    /// <param name="issuer">The token service.</param>
    /// <param name="file">The file of its keys.</param>
    /// <param name="hasKeys">Whether any were loaded before.</param>
    public static WatchEvents To(ILogger logger, string issuer, string file, Func<bool> hasKeys)
    {
        var bounded = new BoundedLogger(logger);
        void Unreadable(string detail) => Log.TokenServiceKeysUnreadable(
            bounded, issuer, file, hasKeys() ? "the last good ones stay" : "there are none yet, and roots of the service are refused", detail);

        return new WatchEvents
        {
            ReloadFailed = (_, detail) => Unreadable(detail),
            Doubted = (_, detail) => Unreadable(detail),
            Shrank = (_, detail) => Log.TokenServiceKeysShrank(bounded, issuer, detail),
            ListenerFailed = (source, exception) => Log.KeyListenerFailed(bounded, source, exception),
            LookFailed = (source, exception) => Log.KeyLookFailed(bounded, source, exception),
            SignalFailed = (dependency, exception) => Log.ReadinessSignalFailed(bounded, dependency, exception),
        };
    }
}
