using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>Bundles kept in memory and replaced by the program.</summary>
/// <param name="bundles">The first bundles.</param>
public sealed class MemoryTrustBundleSource(TrustBundleSet bundles) : ITrustBundleSource
{
    private readonly ChangeSignal _changed = new();
    private TrustBundleSet _bundles = bundles ?? throw new ArgumentNullException(nameof(bundles));

    /// <inheritdoc/>
    public TrustBundleSet GetBundles() => Volatile.Read(ref _bundles);

    /// <inheritdoc/>
    public IChangeToken GetReloadToken() => _changed.Token;

    /// <summary>Replaces the bundles; every verified peer is judged again before its next call.</summary>
    /// <param name="bundles">The new bundles.</param>
    public void Replace(TrustBundleSet bundles)
    {
        ArgumentNullException.ThrowIfNull(bundles);
        Volatile.Write(ref _bundles, bundles);
        _changed.Fire();
    }
}
