using System.Collections;
using ZeroTrust.X509.Internal;

namespace ZeroTrust.X509;

/// <summary>The CA certificates paths may end in. Immutable.</summary>
/// <remarks>
/// An anchor need not be self-signed: an intermediate may be one. It is trusted for its name and key, so its serial number, version and own
/// signature decide nothing; its validity, its constraints and its key hold like those of any other certificate of the path.
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
        return IssuerRules.Check(anchor, policy, KeyPurposes.Encode(policy.Purpose), anchor.NotBefore, isAnchor: true) is { } refusal
            ? refusal.ToRejection("an anchor")
            : anchor;
    }

    /// <summary>Reads anchors and leaves out those in which no path under this policy could end; the others are trusted all the same.</summary>
    /// <param name="encodings">The DER of the anchors, kept and not copied. A repeated one counts once.</param>
    /// <param name="policy">The policy of the paths. Validity is not asked, for time goes on.</param>
    /// <returns>The set with what was left out and why, or the refusal of the first anchor when there is no good one.</returns>
    /// <remarks>Certificates under an anchor that was left out are refused; the caller has to say so where the operator sees it.</remarks>
    public static Verdict<TrustAnchorReading> Create(IReadOnlyList<ReadOnlyMemory<byte>> encodings, PathPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(encodings);
        ArgumentNullException.ThrowIfNull(policy);
        var anchors = new List<Certificate>(encodings.Count);
        var leftOut = new List<RefusedAnchor>();
        for (var i = 0; i < encodings.Count; i++)
        {
            if (Certificate.Read(encodings[i]).TryGet(out var read, out var rejection)
                && Check(read, policy).TryGet(out var anchor, out rejection))
            {
                anchors.Add(anchor);
            }
            else
            {
                leftOut.Add(new RefusedAnchor(i, rejection));
            }
        }

        return (anchors.Count, leftOut.Count) switch
        {
            ( > 0, _) => new TrustAnchorReading(new TrustAnchorSet(anchors), leftOut),
            (_, > 0) => leftOut[0].Rejection,
            _ => X509Rejections.Refuse(X509RejectionReason.UntrustedAnchor, "There is no anchor."),
        };
    }

    /// <inheritdoc/>
    public IEnumerator<Certificate> GetEnumerator() => _anchors.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ReadOnlySpan<Certificate> NamedAs(DistinguishedName subject) => _bySubject.GetValueOrDefault(subject);
}
