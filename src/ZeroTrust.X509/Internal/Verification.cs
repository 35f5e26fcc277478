namespace ZeroTrust.X509.Internal;

/// <summary>What one call of the validator works with: its inputs, its budget, and what it has found out so far.</summary>
internal sealed class Verification
{
    private const int FewCandidates = 4;

    private readonly KnownFacts _known;
    private readonly Certificate[] _candidates;
    private readonly Dictionary<DistinguishedName, Certificate[]>? _bySubject;
    private readonly Dictionary<(object Signed, Certificate Issuer), bool> _signatures = [];
    private readonly Dictionary<(Certificate Issuer, bool HasPurpose), Rejection?> _issuers = [];

    public Verification(TrustAnchorSet anchors, Certificate[] candidates, PathPolicy policy, DateTimeOffset now, KnownFacts known)
    {
        Anchors = anchors;
        Policy = policy;
        Now = now;
        _known = known;
        Budget = new Budget(policy.Limits);
        _candidates = Reachable(candidates);
        _bySubject = _candidates.Length > FewCandidates
            ? _candidates.GroupBy(candidate => candidate.Subject).ToDictionary(group => group.Key, group => group.ToArray())
            : null;
    }

    public TrustAnchorSet Anchors { get; }

    public PathPolicy Policy { get; }

    public DateTimeOffset Now { get; }

    public Budget Budget { get; }

    /// <summary>The certificates of the peer that may have this subject; with only few candidates, all of them.</summary>
    public ReadOnlySpan<Certificate> CandidatesFor(DistinguishedName subject) =>
        _bySubject is null ? _candidates : _bySubject.GetValueOrDefault(subject);

    public Rejection? CheckIssuer(Certificate issuer, byte[]? purpose, bool isAnchor)
    {
        var key = (issuer, purpose is not null);
        if (!_issuers.TryGetValue(key, out var rejection))
        {
            rejection = IssuerRules.Check(issuer, Policy, purpose, Now, isAnchor);
            _issuers.Add(key, rejection);
        }

        return rejection;
    }

    public bool Verifies(Certificate child, Certificate issuer)
    {
        // The leaf's signature is what tells this call from the one before; it is not worth a look-up in what is known.
        if (_signatures.TryGetValue((child, issuer), out var verifies))
        {
            return verifies;
        }

        verifies = (child.IsCa && _known.Verifies(child.Sha256, issuer))
            || (Budget.TakeSignature(issuer.Key) && SignatureCheck.Verify(issuer, child.SignatureAlgorithm, child.Signed.Span, child.Signature.Span));
        _signatures.Add((child, issuer), verifies);
        return verifies;
    }

    public bool Verifies(CertificateRevocationList crl, Certificate issuer)
    {
        if (!_signatures.TryGetValue((crl, issuer), out var verifies))
        {
            verifies = _known.Verifies(crl.Sha256, issuer)
                || (Budget.TakeSignature(issuer.Key) && SignatureCheck.Verify(issuer, crl.SignatureAlgorithm, crl.Signed.Span, crl.Signature.Span));
            _signatures.Add((crl, issuer), verifies);
        }

        return verifies;
    }

    /// <summary>Keeps what an accepted path has proved.</summary>
    public void Remember(IReadOnlyList<Certificate> path)
    {
        for (var i = 1; i < path.Count - 1; i++)
        {
            _known.AddCertificate(path[i]);
            _known.AddSignature(path[i].Sha256, path[i + 1]);
        }

        foreach (var ((signed, issuer), verifies) in _signatures)
        {
            if (verifies && signed is CertificateRevocationList crl)
            {
                _known.AddSignature(crl.Sha256, issuer);
            }
        }
    }

    /// <summary>Those without whom the search could only run in circles are left out before it begins.</summary>
    private Certificate[] Reachable(Certificate[] candidates)
    {
        if (Array.TrueForAll(candidates, candidate => !Anchors.NamedAs(candidate.Issuer).IsEmpty))
        {
            return candidates;
        }

        var byIssuer = candidates.ToLookup(candidate => candidate.Issuer);
        var reached = new HashSet<Certificate>(candidates.Where(candidate => !Anchors.NamedAs(candidate.Issuer).IsEmpty));
        var open = new Queue<Certificate>(reached);
        while (open.TryDequeue(out var issuer))
        {
            foreach (var child in byIssuer[issuer.Subject])
            {
                if (reached.Add(child))
                {
                    open.Enqueue(child);
                }
            }
        }

        return [.. candidates.Where(reached.Contains)];
    }
}
