using ZeroTrust.Authz.Diagnostics;
using ZeroTrust.Authz.Internal;
using ZeroTrust.Mtls;

namespace ZeroTrust.Authz;

/// <summary>Decides whether a received context is believed. Thread-safe.</summary>
/// <remarks>
/// A context is verified once and remembered; its expiry, its addressee, its sender and the trust in its signers and their keys are checked
/// again each time it is met. Refusals are never remembered, so junk cannot fill the memory.
/// </remarks>
public sealed class AuthzContextVerifier
{
    private readonly PeerVerifier _peers;
    private readonly ChainRules _rules;
    private readonly SigningIdentitySource _own;
    private readonly TimeProvider _time;
    private readonly AuthzMetrics _metrics;
    private readonly BoundedCache<ContextKey, VerifiedChain> _verified;

    internal AuthzContextVerifier(PeerVerifier peers, ChainRules rules, SigningIdentitySource own, int capacity, TimeProvider time, AuthzMetrics metrics)
    {
        _peers = peers;
        _rules = rules;
        _own = own;
        _time = time;
        _metrics = metrics;
        _verified = new BoundedCache<ContextKey, VerifiedChain>(capacity);
    }

    /// <summary>Verifies a context as it came over a connection.</summary>
    /// <param name="headers">The three header values.</param>
    /// <param name="sender">The verified peer of the connection, as a client.</param>
    /// <returns>The context; or the code of the first rule that fails: <c>jose.*</c> for a malformed or wrongly signed token, else <c>authz.*</c>.</returns>
    public Verdict<AuthzContext> Verify(TxnHeaders headers, VerifiedPeer sender)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(sender);
        var verdict = Decide(headers, sender);
        _metrics.Verified(verdict.Rejection);
        return verdict;
    }

    private Verdict<AuthzContext> Decide(TxnHeaders headers, VerifiedPeer sender)
    {
        if (headers.Length > TxnHeaders.MaxLength)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.TooLarge, headers.DescribeLength());
        }

        var now = _time.GetUtcNow();
        var key = ContextKey.Of(headers);
        var verdict = _verified.TryGet(key, out var known) && _rules.IsCurrent(known.Service) ? Recheck(key, known, now) : VerifyAnew(key, headers, now);
        if (!verdict.TryGet(out var chain, out var rejection))
        {
            return rejection;
        }

        return CheckEnds(chain, sender) is { } refusal ? refusal : chain.Context;
    }

    private Verdict<VerifiedChain> VerifyAnew(ContextKey key, TxnHeaders headers, DateTimeOffset now)
    {
        if (!ReceivedChain.Parse(headers).TryGet(out var received, out var rejection)
            || !_rules.Verify(received, now).TryGet(out var chain, out rejection))
        {
            return rejection;
        }

        _verified.Set(key, chain);
        return chain;
    }

    private Verdict<VerifiedChain> Recheck(ContextKey key, VerifiedChain known, DateTimeOffset now)
    {
        if (ChainRules.CheckTimes(now, known.Context.ExpiresAt, now) is { } late)
        {
            _verified.Remove(key);
            return late;
        }

        var signers = new VerifiedPeer[known.Signers.Count];
        var moved = false;
        for (var i = 0; i < signers.Length; i++)
        {
            if (!_peers.Recheck(known.Signers[i]).TryGet(out var peer, out var rejection))
            {
                _verified.Remove(key);
                return ChainRules.Untrusted(rejection);
            }

            moved |= !ReferenceEquals(peer, known.Signers[i]);
            signers[i] = peer;
        }

        if (moved)
        {
            known = known with { Signers = signers };
            _verified.Set(key, known);
        }

        return known;
    }

    // Rules 6 and 7
    private Rejection? CheckEnds(VerifiedChain chain, VerifiedPeer sender)
    {
        if (!_own.Get().TryGet(out var own, out var rejection))
        {
            return rejection;
        }

        if (chain.Holder != own.Workload)
        {
            return AuthzRejections.Refuse(
                AuthzRejectionReason.NotAddressedHere, "to of the last link is another workload.", own.Workload.ToString(),
                chain.Holder.ToString());
        }

        return sender.Role == PeerRole.Client && sender.Workload == chain.Sender
            ? null
            : AuthzRejections.Refuse(AuthzRejectionReason.SenderMismatch, "The peer of the connection did not sign the last link.", chain.Sender.ToString(), sender.Workload?.ToString());
    }
}
