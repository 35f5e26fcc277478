namespace ZeroTrust.Authz.Internal;

/// <summary>Rule 5 of the context token: each link follows the token before it.</summary>
internal static class LinkRules
{
    public static Verdict<VerifiedChain> Follow(ReceivedChain chain, Dictionary<string, Signer> signers, ServiceKeys? service, DateTimeOffset now)
    {
        var root = chain.Root.Claims;
        var callChain = new List<WorkloadId>(chain.Links.Count + 1) { root.Requester };
        var (previous, scope, expiresAt) = (chain.Root.Compact, root.Scope, root.ExpiresAt);
        var earliest = root.IssuedAt;
        for (var i = 0; i < chain.Links.Count; i++)
        {
            var link = chain.Links[i];
            var claims = link.Claims;
            var signer = signers[link.Certificate ?? string.Empty];
            var refusal = CheckLink(link, signer, callChain[^1], previous, scope, expiresAt)
                ?? ChainRules.CheckTimes(claims.IssuedAt, claims.ExpiresAt, now)
                ?? CheckIssue(claims, earliest);
            if (refusal is not null)
            {
                return TxnToken.At(TxnToken.LinkPlace(i, chain.Links.Count), refusal);
            }

            callChain.Add(claims.To);
            (previous, scope, expiresAt, earliest) = (link.Compact, claims.Scope, claims.ExpiresAt, claims.IssuedAt);
        }

        var context = new AuthzContext(root.Tenant, root.Subject, scope, root.TransactionId, callChain.AsReadOnly(), expiresAt, chain.Wire);
        return new VerifiedChain(context, callChain[^1], signers[chain.Links[^1].Certificate ?? string.Empty].Workload, [.. signers.Values.Select(signer => signer.Peer)], service);
    }

    // Two clocks that may differ made the two tokens; the receiver's alone is compared elsewhere.
    private static Rejection? CheckIssue(LinkClaims claims, DateTimeOffset before) =>
        claims.IssuedAt < claims.ExpiresAt && claims.IssuedAt + TxnToken.ClockSkew >= before
            ? null
            : AuthzRejections.Refuse(
                AuthzRejectionReason.LifetimeRefused,
                $"iat is {claims.IssuedAt:O}, exp {claims.ExpiresAt:O}, and iat of the token before it {before:O}; "
                    + $"wanted is an iat before exp, and at most {TxnToken.ClockSkew} before the other.");

    private static Rejection? CheckLink(ParsedToken<LinkClaims> link, Signer signer, WorkloadId holder, string previous, PermissionSet scope, DateTimeOffset expiresAt)
    {
        if (!link.Jws.Verify(signer.Key).TryGet(out _, out var rejection))
        {
            return rejection;
        }

        if (signer.Workload != holder)
        {
            return AuthzRejections.Refuse(
                AuthzRejectionReason.LinkSignerMismatch,
                "The link is not signed by the holder, to of the token before it (req_wl of the root).",
                holder.ToString(),
                signer.Workload.ToString());
        }

        var hash = TxnToken.HashOf(previous);
        if (link.Claims.Previous != hash)
        {
            return AuthzRejections.Refuse(
                AuthzRejectionReason.ChainBroken,
                "prv is not the hash of the token before it: of the whole compact token as it was sent, signature included.",
                hash,
                link.Claims.Previous);
        }

        if (!link.Claims.Scope.IsSubsetOf(scope))
        {
            return AuthzRejections.Refuse(
                AuthzRejectionReason.ScopeWidened,
                "scope holds a permission that the token before it does not.",
                scope.ToString(),
                link.Claims.Scope.ToString());
        }

        if (link.Claims.ExpiresAt > expiresAt)
        {
            return AuthzRejections.Refuse(
                AuthzRejectionReason.LinkExpiryExtended, $"exp is {link.Claims.ExpiresAt:O}, that of the token before it {expiresAt:O}.");
        }

        return link.Claims.ExpiresAt <= signer.Peer.NotAfter
            ? null
            : AuthzRejections.Refuse(
                AuthzRejectionReason.LinkOutlivesSigner,
                $"exp is {link.Claims.ExpiresAt:O}, the signer's certificate ends at {signer.Peer.NotAfter:O}.");
    }
}
