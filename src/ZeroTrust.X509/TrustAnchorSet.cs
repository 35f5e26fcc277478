using System.Collections;
using ZeroTrust.X509.Internal;

namespace ZeroTrust.X509;

/// <summary>The CA certificates paths may end in. Immutable.</summary>
/// <remarks>
/// An anchor need not be self-signed: an intermediate may be one. What it is signed with is not asked; its validity, its constraints and
/// its key hold like those of any other certificate of the path.
/// </remarks>
public sealed class TrustAnchorSet : IReadOnlyCollection<Certificate>
{
    private readonly Certificate[] _anchors;
    private readonly Dictionary<DistinguishedName, Certificate[]> _bySubject;

    /// <summary>Creates a set; keys are loaded once here, so keep it.</summary>
    /// <param name="anchors">The anchors; a repeated one counts once. An empty set trusts nobody.</param>
    public TrustAnchorSet(params IEnumerable<Certificate> anchors)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        _anchors = [.. anchors.DistinctBy(anchor => Convert.ToHexString(anchor.Sha256.Span), StringComparer.Ordinal).Select(anchor => anchor.Retain())];
        _bySubject = _anchors.GroupBy(anchor => anchor.Subject).ToDictionary(group => group.Key, group => group.ToArray());
    }

    /// <inheritdoc/>
    public int Count => _anchors.Length;

    /// <summary>Whether paths under this policy could end in the certificate, so that an operator's mistake is told before a peer comes.</summary>
    /// <param name="anchor">The certificate.</param>
    /// <param name="policy">The policy of the paths.</param>
    /// <returns>The certificate, or the rule under which it refuses every path. Its validity is not asked, for time goes on.</returns>
    public static Verdict<Certificate> Check(Certificate anchor, PathPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        ArgumentNullException.ThrowIfNull(policy);
        return IssuerRules.Check(anchor, policy, KeyPurposes.Encode(policy.Purpose), anchor.NotBefore, isAnchor: true) is { } rejection ? rejection : anchor;
    }

    /// <inheritdoc/>
    public IEnumerator<Certificate> GetEnumerator() => _anchors.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ReadOnlySpan<Certificate> NamedAs(DistinguishedName subject) => _bySubject.GetValueOrDefault(subject);
}
