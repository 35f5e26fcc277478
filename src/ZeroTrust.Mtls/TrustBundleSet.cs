using System.Collections;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls;

/// <summary>The bundles of all trusted trust domains, and who is denied in spite of them. Immutable.</summary>
/// <remarks>To deny somebody at once, let the source publish <c>new TrustBundleSet(current, denied)</c>: open connections are judged by it from their next call on.</remarks>
public sealed class TrustBundleSet : IReadOnlyCollection<TrustBundle>
{
    private readonly FrozenDictionary<TrustDomain, TrustBundle> _bundles;
    private readonly FrozenDictionary<TrustDomain, PathValidator> _validators;

    /// <summary>Creates a set.</summary>
    /// <param name="bundles">One bundle for each trust domain.</param>
    /// <exception cref="ArgumentException">Two bundles name one trust domain.</exception>
    public TrustBundleSet(params IEnumerable<TrustBundle> bundles)
        : this(bundles, DenyList.Empty)
    {
    }

    /// <summary>Creates a set that denies some in spite of what speaks for them.</summary>
    /// <param name="bundles">One bundle for each trust domain; another set is one too.</param>
    /// <param name="denied">Certificates, by serial number or by hash, and workloads.</param>
    /// <exception cref="ArgumentException">Two bundles name one trust domain.</exception>
    public TrustBundleSet(IEnumerable<TrustBundle> bundles, DenyList denied)
    {
        ArgumentNullException.ThrowIfNull(bundles);
        ArgumentNullException.ThrowIfNull(denied);
        var byDomain = new Dictionary<TrustDomain, TrustBundle>();
        foreach (var bundle in bundles)
        {
            byDomain.Add(bundle.TrustDomain, bundle);
        }

        Denied = denied;
        _bundles = byDomain.ToFrozenDictionary();

        // What a bundle's validator has learnt outlives a denial.
        _validators = _bundles.ToFrozenDictionary(
            entry => entry.Key,
            entry => denied.IsEmpty ? entry.Value.Validator : entry.Value.Validator.With(entry.Value.Crls ?? CrlSet.Empty, denied));
    }

    /// <inheritdoc/>
    public int Count => _bundles.Count;

    /// <summary>Who is refused in any case.</summary>
    /// <value>Nobody by default.</value>
    public DenyList Denied { get; }

    /// <summary>Finds the bundle of a trust domain.</summary>
    /// <param name="trustDomain">The trust domain.</param>
    /// <param name="bundle">Its bundle.</param>
    /// <returns>Whether the trust domain is trusted at all.</returns>
    public bool TryGet(TrustDomain trustDomain, [NotNullWhen(true)] out TrustBundle? bundle) => _bundles.TryGetValue(trustDomain, out bundle);

    /// <inheritdoc/>
    public IEnumerator<TrustBundle> GetEnumerator() => _bundles.Values.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal PathValidator ValidatorOf(TrustBundle bundle) => _validators[bundle.TrustDomain];
}
