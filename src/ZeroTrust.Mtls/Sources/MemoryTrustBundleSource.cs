using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls;

/// <summary>Bundles kept in memory and replaced by the program.</summary>
/// <param name="bundles">The first bundles.</param>
/// <param name="logger">Where listeners that throw are logged; null for no log.</param>
/// <remarks>Nothing is polled, so it is never stale.</remarks>
public sealed class MemoryTrustBundleSource(TrustBundleSet bundles, ILogger<MemoryTrustBundleSource>? logger = null) : ITrustBundleSource
{
    private readonly Reloadable<TrustBundleSet> _current = new(
        bundles ?? throw new ArgumentNullException(nameof(bundles)), "trust bundles", MtlsEvents.To(logger ?? NullLogger<MemoryTrustBundleSource>.Instance));

    /// <inheritdoc/>
    public TrustBundleSet GetBundles() => _current.Value;

    /// <inheritdoc/>
    public IChangeToken GetReloadToken() => _current.Token;

    /// <summary>Replaces the bundles; every verified peer is judged again before its next call.</summary>
    /// <param name="bundles">The new bundles.</param>
    /// <remarks>Listeners are notified on the thread pool, each by itself.</remarks>
    public void Replace(TrustBundleSet bundles)
    {
        ArgumentNullException.ThrowIfNull(bundles);
        _current.Publish(bundles);
    }
}
