using System.Security.Cryptography;
using ZeroTrust.X509.Internal;

namespace ZeroTrust.X509;

/// <summary>Builds and validates paths to one set of anchors (RFC 5280 section 6). Thread safe.</summary>
/// <remarks>
/// Nothing outside the arguments is looked at: no clock, no network, no store. What it keeps between calls are facts that no time changes:
/// which signatures of accepted paths verify, and the certificates of those paths ready for use.
/// </remarks>
public sealed class PathValidator
{
    private readonly TrustAnchorSet _anchors;
    private readonly CrlSet _crls;
    private readonly DenyList _denied;
    private readonly KnownFacts _known;

    /// <summary>Creates a validator; keep it as long as its trust holds.</summary>
    /// <param name="anchors">Where a path may end.</param>
    /// <param name="crls">The CRLs; null for none, which under <see cref="RevocationMode.HardFail"/> refuses every path.</param>
    /// <param name="denied">Who is refused in any case; null for nobody.</param>
    public PathValidator(TrustAnchorSet anchors, CrlSet? crls = null, DenyList? denied = null)
        : this(anchors, crls ?? CrlSet.Empty, denied ?? DenyList.Empty, new KnownFacts())
    {
    }

    private PathValidator(TrustAnchorSet anchors, CrlSet crls, DenyList denied, KnownFacts known)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        _anchors = anchors;
        _crls = crls;
        _denied = denied;
        _known = known;
    }

    /// <summary>A validator to the same anchors with other CRLs and denials, which goes on from what this one has learnt.</summary>
    /// <param name="crls">The CRLs.</param>
    /// <param name="denied">Who is refused in any case.</param>
    public PathValidator With(CrlSet crls, DenyList denied)
    {
        ArgumentNullException.ThrowIfNull(crls);
        ArgumentNullException.ThrowIfNull(denied);
        return new PathValidator(_anchors, crls, denied, _known);
    }

    /// <summary>Finds a path from the leaf to an anchor that keeps every rule.</summary>
    /// <param name="leaf">The peer's certificate.</param>
    /// <param name="intermediates">Other certificates the peer sent, in any order; those of no use are passed over.</param>
    /// <param name="policy">What the path has to fulfil.</param>
    /// <param name="time">The moment of the decision.</param>
    /// <returns>The path, or the rule that the most promising path broke. Never throws for what the peer sent.</returns>
    public Verdict<ValidatedPath> Validate(Certificate leaf, IReadOnlyList<Certificate> intermediates, PathPolicy policy, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        ArgumentNullException.ThrowIfNull(intermediates);
        ArgumentNullException.ThrowIfNull(policy);
        try
        {
            return FindExcess(leaf, intermediates, policy.Limits) is { } excess
                ? X509Rejections.Refuse(X509RejectionReason.BudgetExceeded, excess)
                : Search(leaf, intermediates, policy, ToWholeSecond(time));
        }
        catch (Exception exception)
        {
            return X509Rejections.Refuse(X509RejectionReason.VerificationFailed, exception.ToString());
        }
    }

    /// <summary>What the CRLs are good for, so that an operator's mistake is told before a peer comes.</summary>
    /// <param name="known">Certificates that peers have the issuers of, as the local leaf with its intermediates; they are not trusted by that.
    /// None for those that were last given to this validator or one that goes on from it.</param>
    public CrlReview Review(params IReadOnlyList<Certificate> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        if (known.Count > 0)
        {
            _known.AtHand = known;
        }

        return new CrlReview(_anchors, _crls, _known, _known.AtHand);
    }

    private static string? FindExcess(Certificate leaf, IReadOnlyList<Certificate> intermediates, PathLimits limits)
    {
        if (intermediates.Count > limits.MaxCandidates)
        {
            return $"The peer sent {intermediates.Count} certificates beside the leaf, "
                + $"and {nameof(PathLimits.MaxCandidates)} allows {limits.MaxCandidates}.";
        }

        var bytes = leaf.Der.Length;
        for (var i = 0; i < intermediates.Count; i++)
        {
            bytes += intermediates[i].Der.Length;
        }

        return bytes > limits.MaxBytes
            ? $"The certificates of the peer have {bytes} bytes, and {nameof(PathLimits.MaxBytes)} allows {limits.MaxBytes}."
            : null;
    }

    /// <summary>RFC 5280 section 4.1.2.5: validity is told in whole seconds, and the last one belongs to it.</summary>
    private static DateTimeOffset ToWholeSecond(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    private Verdict<ValidatedPath> Search(Certificate leaf, IReadOnlyList<Certificate> intermediates, PathPolicy policy, DateTimeOffset now)
    {
        var purpose = KeyPurposes.Encode(policy.Purpose);
        var sent = new ChainAsSent(leaf, intermediates, _anchors);
        if (LeafRules.Check(leaf, policy, purpose, now) is { } unfit)
        {
            return sent.Tell(unfit);
        }

        if (_denied.DeniesLeaf(leaf))
        {
            return sent.Tell(Deny(leaf, "The leaf is on the deny-list."));
        }

        var candidates = new Certificate[intermediates.Count];
        for (var i = 0; i < candidates.Length; i++)
        {
            candidates[i] = _known.Intern(intermediates[i]);
        }

        var validUntil = DateTimeOffset.MaxValue;
        var verification = new Verification(_anchors, candidates, policy, now, _known);
        var search = new PathSearch(verification, purpose, onlyAnchor: null, found => Accept(found, verification, out validUntil));
        if (search.Find(leaf, out var path) is { } refusal)
        {
            return sent.Tell(refusal);
        }

        verification.Remember(path);
        return new ValidatedPath([.. path], validUntil);
    }

    private Refusal? Accept(IReadOnlyList<Certificate> path, Verification verification, out DateTimeOffset validUntil)
    {
        validUntil = EarliestEnd(path);
        return CheckDenied(path)
            ?? PolicyCheck.Check(path, verification.Policy, verification.Budget)
            ?? CheckRevocation(path, verification, ref validUntil)
            ?? CheckPlatform(path, verification);
    }

    private Refusal? CheckRevocation(IReadOnlyList<Certificate> path, Verification verification, ref DateTimeOffset validUntil)
    {
        if (verification.Policy.Revocation == RevocationMode.None)
        {
            return null;
        }

        // The paths of CRL issuers are judged by the same check, so the answer lasts as long as the shortest of all of them.
        var until = validUntil;
        RevocationCheck? check = null;
        check = new RevocationCheck(_crls, new CrlTrust(verification, _crls, AcceptIssuer), verification.Policy.Revocation);
        var refusal = check.Check(path, ref validUntil);
        validUntil = until < validUntil ? until : validUntil;
        return refusal;

        Refusal? AcceptIssuer(IReadOnlyList<Certificate> found)
        {
            var end = EarliestEnd(found);
            until = end < until ? end : until;
            return CheckDenied(found) ?? check!.Check(found, ref until);
        }
    }

    private static DateTimeOffset EarliestEnd(IReadOnlyList<Certificate> path)
    {
        var end = DateTimeOffset.MaxValue;
        foreach (var certificate in path)
        {
            end = certificate.NotAfter < end ? certificate.NotAfter : end;
        }

        return end;
    }

    private Refusal? CheckDenied(IReadOnlyList<Certificate> path)
    {
        for (var i = 0; i < path.Count - 1; i++)
        {
            if (_denied.DeniesSerial(path[i]))
            {
                return Deny(path[i], "A certificate of the path is on the deny-list.");
            }
        }

        return null;
    }

    private static Refusal Deny(Certificate certificate, string rule) =>
        Refusal.Of(certificate, X509RejectionReason.Denied, rule, presented: certificate.ToString());

    private Refusal? CheckPlatform(IReadOnlyList<Certificate> path, Verification verification)
    {
        var policy = verification.Policy;
        if (!policy.PlatformVeto || verification.Budget.Exhausted is not null)
        {
            return null;
        }

        var key = Digest(path);
        if (_known.HasConsent(key, policy.Purpose))
        {
            return null;
        }

        if (PlatformChain.FindObjection(path, policy.Purpose, verification.Now) is { } objection)
        {
            return Refusal.Of(
                path[0],
                X509RejectionReason.PlatformVeto,
                $"The platform's X509Chain does not accept the path: {objection}",
                presented: path[0].ToString());
        }

        _known.AddConsent(key, policy.Purpose);
        return null;
    }

    private static Sha256Value Digest(IReadOnlyList<Certificate> path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var certificate in path)
        {
            hash.AppendData(certificate.Sha256.Span);
        }

        return Sha256Value.Of(hash.GetHashAndReset());
    }
}
