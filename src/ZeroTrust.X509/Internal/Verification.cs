namespace ZeroTrust.X509.Internal;

/// <summary>What one call of the validator works with: its inputs, its budget, and what it has found out so far.</summary>
internal sealed class Verification
{
    private const int FewCandidates = 4;

    private readonly KnownFacts _known;
    private readonly Certificate[] _candidates;
    private readonly Dictionary<DistinguishedName, Certificate[]>? _bySubject;
    private readonly Dictionary<(object Signed, PublicKeyInfo Key), (bool Verifies, Certificate Signer)> _signatures = [];
    private readonly Dictionary<(Certificate Issuer, bool HasPurpose, bool IsAnchor), Refusal?> _issuers = [];

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

    public Refusal? CheckIssuer(Certificate issuer, byte[]? purpose, bool isAnchor)
    {
        var key = (issuer, purpose is not null, isAnchor);
        if (!_issuers.TryGetValue(key, out var refusal))
        {
            refusal = IssuerRules.Check(issuer, Policy, purpose, Now, isAnchor);
            _issuers.Add(key, refusal);
        }

        return refusal;
    }

    // What is known is about CAs; a leaf is what tells this call from the one before.
    public bool Verifies(Certificate child, Certificate issuer) =>
        Verifies(child, child.IsCa ? child.Sha256 : default, child.SignatureAlgorithm, child.Signed, child.Signature, issuer);

    public bool Verifies(CertificateRevocationList crl, Certificate issuer) =>
        Verifies(crl, crl.Sha256, crl.SignatureAlgorithm, crl.Signed, crl.Signature, issuer);

    /// <summary>Keeps what an accepted path has proved.</summary>
    public void Remember(IReadOnlyList<Certificate> path)
    {
        for (var i = 1; i < path.Count - 1; i++)
        {
            _known.AddCertificate(path[i]);
            _known.AddSignature(path[i].Sha256, path[i + 1]);
        }

        foreach (var ((signed, _), (verifies, signer)) in _signatures)
        {
            if (verifies && signed is CertificateRevocationList crl)
            {
                _known.AddSignature(crl.Sha256, signer);
            }
        }
    }

    /// <summary>Whether the issuer's key made the signature. Asked once for each key, however many certificates hold it.</summary>
    private bool Verifies(
        object holder, ReadOnlyMemory<byte> sha256, SignatureAlgorithm algorithm, ReadOnlyMemory<byte> signed, ReadOnlyMemory<byte> signature, Certificate issuer)
    {
        if (!SignatureCheck.IsPossible(issuer, algorithm))
        {
            return false;
        }

        if (_signatures.TryGetValue((holder, issuer.Key), out var earlier))
        {
            return earlier.Verifies;
        }

        var verifies = (!sha256.IsEmpty && _known.Verifies(sha256, issuer))
            || (Budget.TakeSignature(issuer) && SignatureCheck.Verify(issuer, algorithm, signed.Span, signature.Span));
        _signatures.Add((holder, issuer.Key), (verifies, issuer));
        return verifies;
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
