using ZeroTrust.X509.Internal;

namespace ZeroTrust.X509;

/// <summary>
/// What the CRLs of a validator are good for, asked without a peer: for who loads them and for who watches them. For one caller at a time.
/// </summary>
/// <remarks>
/// A signature is verified with the anchors, with intermediates of accepted paths and with the certificates that are given. Of a CRL whose
/// issuer is none of these nothing is known before a peer comes: it counts as one that serves.
/// </remarks>
public sealed class CrlReview
{
    private readonly CrlSet _crls;
    private readonly CrlSigners _signers;
    private readonly IssuersInUse _issuers;

    internal CrlReview(TrustAnchorSet anchors, CrlSet crls, KnownFacts facts, IReadOnlyList<Certificate> known)
    {
        _crls = crls;
        _signers = new CrlSigners(anchors, crls, facts, known);
        _issuers = new IssuersInUse(anchors, crls, facts, known);
    }

    /// <summary>The CRLs that tell of no certificate at this time, each with the reason, to follow "because".</summary>
    /// <param name="time">The moment.</param>
    /// <param name="clockSkew">How far clocks may differ.</param>
    /// <returns>None that is overdue or that another one takes the place of, which a CRL may become without anybody's fault.</returns>
    public IReadOnlyList<(CertificateRevocationList Crl, string Why)> FindUnused(DateTimeOffset time, TimeSpan clockSkew) =>
    [
        .. _crls.Where(crl => !_crls.Any(later => crl.Precedes(later) && WhyUnused(later, time, clockSkew) is null))
            .Select(crl => (Crl: crl, Why: WhyUnused(crl, time, clockSkew, IsOverdue(crl, time, clockSkew))))
            .Where(unused => unused.Why is not null)
            .Select(unused => (unused.Crl, unused.Why!)),
    ];

    /// <summary>The issuers in use of whose certificates no usable CRL tells: every peer with a certificate of theirs is refused.</summary>
    /// <param name="time">The moment.</param>
    /// <param name="clockSkew">How far clocks may differ.</param>
    /// <param name="isAll">Whether no other issuer is in use, so that every path is refused.</param>
    /// <returns>
    /// Their names. In use are the issuers of the given certificates and of accepted paths, and all that have a CRL; anchors count where
    /// there are no others.
    /// </returns>
    public IReadOnlyList<string> FindUncovered(DateTimeOffset time, TimeSpan clockSkew, out bool isAll)
    {
        var usable = _crls.Where(crl => WhyUnused(crl, time, clockSkew) is null).ToList();
        var issuers = _issuers.ToList();
        string[] uncovered = [.. issuers.Where(issuer => !_issuers.IsServed(issuer, usable)).Select(issuer => issuer.ToString())];
        isAll = uncovered.Length == issuers.Count;
        return uncovered;
    }

    /// <summary>The CRLs that go on serving beside those of another review, since none of these can take their place.</summary>
    /// <param name="next">The CRLs that replace the ones of this review.</param>
    /// <param name="unproven">
    /// Those of this review that stay where no known certificate proves them; all others that stay are proven.
    /// </param>
    /// <param name="time">The moment.</param>
    /// <param name="clockSkew">How far clocks may differ.</param>
    /// <returns>None of an issuer that has no CRL in the next review: it was taken away, and not spoilt.</returns>
    public IReadOnlyList<CertificateRevocationList> FindOutliving(
        CrlReview next, IReadOnlyCollection<CertificateRevocationList> unproven, DateTimeOffset time, TimeSpan clockSkew)
    {
        ArgumentNullException.ThrowIfNull(next);
        ArgumentNullException.ThrowIfNull(unproven);
        var mayStay = _crls
            .Where(crl => next._crls.Of(crl.Issuer) is { Length: > 0 } others && !Array.Exists(others, crl.IsSameAs))
            .Where(crl => Serves(crl, time, clockSkew) && (_signers.SignerOf(crl) is not null || unproven.Contains(crl)))
            .ToList();
        var complete = mayStay.Where(crl => !crl.IsDelta && !next.TakesPlaceOf(crl, _signers.SignerOf(crl), time, clockSkew)).ToList();
        var deltas = mayStay.Where(crl => crl.IsDelta
            && next._crls.Concat(complete).Any(of => CrlScope.Updates(crl, of))
            && !next.TakesPlaceOf(crl, _signers.SignerOf(crl), time, clockSkew));
        return [.. complete, .. deltas];
    }

    /// <summary>Whether another CRL that can be used tells all that this one does, and is no older.</summary>
    /// <param name="crl">A CRL.</param>
    /// <param name="time">The moment.</param>
    /// <param name="clockSkew">How far clocks may differ.</param>
    public bool HasSuccessor(CertificateRevocationList crl, DateTimeOffset time, TimeSpan clockSkew)
    {
        ArgumentNullException.ThrowIfNull(crl);
        return Replaces(crl, _signers.SignerOf(crl), other => !crl.IsSameAs(other) && !other.Precedes(crl) && Serves(other, time, clockSkew), mayBeUnproven: true);
    }

    /// <summary>
    /// Whether a CRL that tells nothing may still be compared with later ones by its number: one that is not of its issuer, or of a time to
    /// come, may not.
    /// </summary>
    /// <param name="crl">A CRL.</param>
    /// <param name="time">The moment.</param>
    /// <param name="clockSkew">How far clocks may differ.</param>
    public bool IsOfItsIssuer(CertificateRevocationList crl, DateTimeOffset time, TimeSpan clockSkew)
    {
        ArgumentNullException.ThrowIfNull(crl);
        return crl.ThisUpdate <= time + clockSkew && !_signers.IsDisproved(crl);
    }

    private static bool IsOverdue(CertificateRevocationList crl, DateTimeOffset time, TimeSpan clockSkew) => crl.NextUpdate < time - clockSkew;

    private bool Serves(CertificateRevocationList crl, DateTimeOffset time, TimeSpan clockSkew) =>
        crl.IsDelta ? WhyUnused(crl, time, clockSkew, ignoresAge: true) is null && !IsOverdue(crl, time, clockSkew) : WhyUnused(crl, time, clockSkew) is null;

    private string? WhyUnused(CertificateRevocationList crl, DateTimeOffset time, TimeSpan clockSkew, bool ignoresAge = false) => true switch
    {
        _ when crl.Defect is { } defect => defect,
        _ when crl.ThisUpdate > time + clockSkew => $"its time has not come: it begins at {crl.ThisUpdate:u}",
        _ when crl.IsDelta && !_crls.Of(crl.Issuer).Any(complete => CrlScope.Updates(crl, complete)) =>
            _crls.Of(crl.Issuer).Any(complete => !complete.IsDelta && CrlScope.IsOfLaterNumber(complete, crl))
                ? null
                : "it is a delta CRL, and no complete CRL that it brings up to date is there",
        _ when !ignoresAge && IsOverdue(crl, time, clockSkew) && !IsKeptAlive(crl, time, clockSkew) =>
            $"the next one was due at {crl.NextUpdate:u}",
        _ when _signers.IsDisproved(crl) => "no certificate that may sign CRLs of this issuer proves its signature",
        _ when crl.IssuingDistributionPoint is { OnlyAttribute: true } => "it is for attribute certificates",
        _ => null,
    };

    private bool IsKeptAlive(CertificateRevocationList crl, DateTimeOffset time, TimeSpan clockSkew) => _crls.Of(crl.Issuer).Any(delta =>
        CrlScope.Updates(delta, crl) && delta.Defect is null && delta.ThisUpdate <= time + clockSkew && !IsOverdue(delta, time, clockSkew) && !_signers.IsDisproved(delta));

    private bool TakesPlaceOf(CertificateRevocationList last, Certificate? signer, DateTimeOffset time, TimeSpan clockSkew) =>
        Replaces(last, signer, crl => Serves(crl, time, clockSkew), mayBeUnproven: false);

    /// <summary>Whether one tells of all that the last one tells of, or several do of every certificate at hand.</summary>
    private bool Replaces(CertificateRevocationList last, Certificate? signer, Predicate<CertificateRevocationList> serves, bool mayBeUnproven)
    {
        var usable = Array.FindAll(_crls.Of(last.Issuer), crl => serves(crl) && (_signers.SignerOf(crl) is { } known
            ? signer is null || known.KeySha256.Span.SequenceEqual(signer.KeySha256.Span)
            : mayBeUnproven && signer is null));
        return Array.Exists(usable, crl => CrlScope.Contains(crl, last)) || (!last.IsDelta && _issuers.AreToldInstead(last, usable));
    }
}
