using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>Bundles kept in memory and replaced by the program.</summary>
/// <param name="bundles">The first bundles.</param>
public sealed class MemoryTrustBundleSource(TrustBundleSet bundles) : ITrustBundleSource
{
    private readonly Published<TrustBundleSet> _published = new(bundles);

    /// <inheritdoc/>
    public TrustBundleSet GetBundles() => _published.Value;

    /// <inheritdoc/>
    public IChangeToken GetReloadToken() => _published.Token;

    /// <summary>Replaces the bundles; every verified peer is judged again before its next call.</summary>
    /// <param name="bundles">The new bundles.</param>
    public void Replace(TrustBundleSet bundles) => _published.Publish(bundles);
}
