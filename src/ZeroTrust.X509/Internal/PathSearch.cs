namespace ZeroTrust.X509.Internal;

/// <summary>Searches upwards from one certificate to an anchor and turns back wherever a rule is broken (RFC 4158 section 2.4.2).</summary>
/// <remarks>
/// Cheap rules come before signatures, and a certificate from which no chain of names leads to an anchor is never looked at. Every issuer
/// tried draws on the budget, so a hostile set of certificates ends in time.
/// </remarks>
internal sealed class PathSearch
{
    /// <summary>In place of a refusal that another attempt has come farther than; putting one into words costs more than finding it.</summary>
    private static readonly Refusal Untold = new(X509RejectionReason.Unspecified, string.Empty);

    private readonly Verification _verification;
    private readonly Func<IReadOnlyList<Certificate>, Refusal?> _accept;
    private readonly Certificate? _onlyAnchor;
    private readonly byte[]? _purpose;
    private readonly List<Certificate> _path = new(4);
    private Refusal? _refusal;
    private Promise _promise = Promise.None;

    /// <param name="verification">Candidates, policy, time and budget.</param>
    /// <param name="purpose">The extended key usage the CAs have to allow; null for none.</param>
    /// <param name="onlyAnchor">The one anchor a path may end in; null for all.</param>
    /// <param name="accept">The last word on a path that has reached an anchor; a refusal makes the search turn back.</param>
    public PathSearch(Verification verification, byte[]? purpose, Certificate? onlyAnchor, Func<IReadOnlyList<Certificate>, Refusal?> accept)
    {
        _verification = verification;
        _purpose = purpose;
        _onlyAnchor = onlyAnchor;
        _accept = accept;
    }

    /// <summary>How far an attempt came; the refusal told is that of the attempt that came farthest.</summary>
    private enum Promise
    {
        None,
        Signature,
        Intermediate,
        Anchor,
        Complete,
    }

    private Budget Budget => _verification.Budget;

    /// <summary>Searches a path for the target.</summary>
    /// <returns>Null when one was accepted; it is then <paramref name="path"/>, the target first and the anchor last.</returns>
    public Refusal? Find(Certificate target, out IReadOnlyList<Certificate> path)
    {
        path = _path;
        _path.Add(target);
        return Extend(target, issuersBelow: 0) && Budget.Exhausted is null
            ? null
            : BudgetRefusal() ?? _refusal ?? Refusal.Of(
                target,
                X509RejectionReason.UntrustedAnchor,
                "No chain of names leads to an anchor (RFC 5280 section 6.1).",
                presented: target.IssuerName);
    }

    private static int KeyDistance(Certificate child, Certificate issuer)
    {
        var wanted = child.Extensions.AuthorityKeyIdentifier?.KeyId;
        var held = issuer.Extensions.SubjectKeyIdentifier?.KeyId;
        return (wanted, held) switch
        {
            ({ } authority, { } subject) => authority.Span.SequenceEqual(subject.Span) ? 0 : 2,
            _ => 1,
        };
    }

    /// <summary>RFC 5280 section 6.1.4 (l): self-issued certificates do not count.</summary>
    private static int CountWith(Certificate issuer, int issuersBelow) => issuer.IsSelfIssued ? issuersBelow : issuersBelow + 1;

    private Refusal? BudgetRefusal() => Budget.Exhausted is { } limit
        ? new Refusal(X509RejectionReason.BudgetExceeded, $"The verification reached {limit}.")
        : null;

    /// <param name="child">The last certificate of the path.</param>
    /// <param name="issuersBelow">The issuers of the path that count against a path length: those not self-issued.</param>
    private bool Extend(Certificate child, int issuersBelow)
    {
        // Key identifiers only order the candidates: a matching one first, a different one last (RFC 4158 section 3.5.12).
        for (var distance = 0; distance <= 2; distance++)
        {
            foreach (var anchor in _verification.Anchors.NamedAs(child.Issuer))
            {
                var isMeant = _onlyAnchor is null || ReferenceEquals(anchor, _onlyAnchor);
                if (isMeant && KeyDistance(child, anchor) == distance && TryIssuer(child, anchor, issuersBelow, isAnchor: true))
                {
                    return true;
                }
            }

            foreach (var candidate in _verification.CandidatesFor(child.Issuer))
            {
                if (candidate.Subject.Equals(child.Issuer)
                    && KeyDistance(child, candidate) == distance
                    && TryIssuer(child, candidate, issuersBelow, isAnchor: false))
                {
                    return true;
                }

                if (Budget.Exhausted is not null)
                {
                    return false;
                }
            }
        }

        return false;
    }

    private bool TryIssuer(Certificate child, Certificate issuer, int issuersBelow, bool isAnchor)
    {
        if (!Budget.TakeStep() || IsOnPath(issuer))
        {
            return false;
        }

        var promise = isAnchor ? Promise.Anchor : Promise.Intermediate;
        if (CheckIssuer(issuer, issuersBelow, isAnchor, isTold: promise > _promise) is { } refusal)
        {
            Note(refusal, promise);
            return false;
        }

        if (!_verification.Verifies(child, issuer))
        {
            NoteSignature(child, issuer);
            return false;
        }

        _path.Add(issuer);
        if (isAnchor ? Accept() : Extend(issuer, CountWith(issuer, issuersBelow)))
        {
            return true;
        }

        _path.RemoveAt(_path.Count - 1);
        return false;
    }

    /// <summary>One name with one key stands on a path once, in whatever certificates: everything else is a loop (RFC 4158 section 5.2).</summary>
    private bool IsOnPath(Certificate issuer)
    {
        foreach (var certificate in _path)
        {
            if (ReferenceEquals(certificate, issuer)
                || (certificate.Key.Encoded.Span.SequenceEqual(issuer.Key.Encoded.Span) && certificate.Subject.Equals(issuer.Subject)))
            {
                return true;
            }
        }

        return false;
    }

    private Refusal? CheckIssuer(Certificate issuer, int issuersBelow, bool isAnchor, bool isTold)
    {
        if (_verification.CheckIssuer(issuer, _purpose, isAnchor) is { } refusal)
        {
            return refusal;
        }

        if (issuer.Extensions.BasicConstraints?.MaxPathLength is { } length && issuersBelow > length)
        {
            return Refusal.Of(
                issuer,
                X509RejectionReason.PathTooLong,
                $"The CA allows {length} CA certificates below it, and there are {issuersBelow} (RFC 5280 section 4.2.1.9).");
        }

        var most = _verification.Policy.MaxIntermediates;
        if (!isAnchor && CountWith(issuer, issuersBelow) > most)
        {
            return Refusal.Of(
                issuer,
                X509RejectionReason.PathTooLong,
                $"The path holds more than the {most} CA certificates that {nameof(PathPolicy.MaxIntermediates)} allows below the anchor.");
        }

        return CheckNames(issuer, isTold);
    }

    private Refusal? CheckNames(Certificate issuer, bool isTold)
    {
        if (issuer.Extensions.NameConstraints is not { } constraints)
        {
            return null;
        }

        for (var i = 0; i < _path.Count; i++)
        {
            // Self-issued certificates let a CA change its key; the names of the leaf hold always.
            if ((i == 0 || !_path[i].IsSelfIssued) && NameConstraintCheck.FindViolation(constraints, _path[i], Budget) is { } violation)
            {
                return isTold ? violation.ToRefusal(_path[i], issuer) : Untold;
            }
        }

        return null;
    }

    private bool Accept()
    {
        if (_accept(_path) is not { } refusal)
        {
            return Budget.Exhausted is null;
        }

        Note(refusal, Promise.Complete);
        return false;
    }

    /// <summary>Put into words only where it is the one to tell: an attempt for each issuer of the name is usual.</summary>
    private void NoteSignature(Certificate child, Certificate issuer)
    {
        if (Promise.Signature > _promise)
        {
            var rule = SignatureCheck.IsPossible(issuer, child.SignatureAlgorithm)
                ? $"The signature does not verify with the key of {CertificateText.Of(issuer)} (RFC 5280 section 6.1.3 (a))."
                : $"The signature is of another kind than the key of {CertificateText.Of(issuer)} makes (RFC 5280 section 6.1.3 (a)).";
            Note(Refusal.Of(child, X509RejectionReason.SignatureInvalid, rule), Promise.Signature);
        }
    }

    private void Note(Refusal refusal, Promise promise)
    {
        if (promise > _promise)
        {
            _promise = promise;
            _refusal = refusal;
        }
    }
}
