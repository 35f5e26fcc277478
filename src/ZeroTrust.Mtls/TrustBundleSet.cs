using System.Collections;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace ZeroTrust.Mtls;

/// <summary>The bundles of all trusted trust domains. Immutable.</summary>
public sealed class TrustBundleSet : IReadOnlyCollection<TrustBundle>
{
    private readonly FrozenDictionary<TrustDomain, TrustBundle> _bundles;

    /// <summary>Creates a set.</summary>
    /// <param name="bundles">One bundle for each trust domain.</param>
    /// <exception cref="ArgumentException">Two bundles name one trust domain.</exception>
    public TrustBundleSet(params IEnumerable<TrustBundle> bundles)
    {
        ArgumentNullException.ThrowIfNull(bundles);
        var byDomain = new Dictionary<TrustDomain, TrustBundle>();
        foreach (var bundle in bundles)
        {
            byDomain.Add(bundle.TrustDomain, bundle);
        }

        _bundles = byDomain.ToFrozenDictionary();
    }

    /// <inheritdoc/>
    public int Count => _bundles.Count;

    /// <summary>Finds the bundle of a trust domain.</summary>
    /// <param name="trustDomain">The trust domain.</param>
    /// <param name="bundle">Its bundle.</param>
    /// <returns>Whether the trust domain is trusted at all.</returns>
    public bool TryGet(TrustDomain trustDomain, [NotNullWhen(true)] out TrustBundle? bundle) => _bundles.TryGetValue(trustDomain, out bundle);

    /// <inheritdoc/>
    public IEnumerator<TrustBundle> GetEnumerator() => _bundles.Values.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
