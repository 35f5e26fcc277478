using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Mtls;

/// <summary>Where the trusted anchors come from.</summary>
public interface ITrustBundleSource
{
    /// <summary>The current bundles. Cheap and without waiting; the same object until it changes.</summary>
    /// <exception cref="InvalidOperationException">No bundle was ever loaded.</exception>
    TrustBundleSet GetBundles();

    /// <summary>A token that fires once, when <see cref="GetBundles"/> returns something new.</summary>
    IChangeToken GetReloadToken();
}
