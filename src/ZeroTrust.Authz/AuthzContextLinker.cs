using ZeroTrust.Authz.Diagnostics;
using ZeroTrust.Authz.Internal;

namespace ZeroTrust.Authz;

/// <summary>Hands a context on: appends a link, signed with this workload's own key, that names the next workload. Thread-safe.</summary>
public sealed class AuthzContextLinker
{
    private readonly SigningIdentitySource _own;
    private readonly TimeProvider _time;
    private readonly AuthzMetrics _metrics;
    private readonly BoundedCache<Request, Linked> _linked;

    internal AuthzContextLinker(SigningIdentitySource own, int capacity, TimeProvider time, AuthzMetrics metrics)
    {
        _own = own;
        _time = time;
        _metrics = metrics;
        _linked = new BoundedCache<Request, Linked>(capacity);
    }

    /// <summary>The headers that hand a context to one workload.</summary>
    /// <param name="context">A context this workload holds.</param>
    /// <param name="to">The next workload: the identity the connection proves, and no other.</param>
    /// <param name="narrowTo">The permissions to keep, as far as the context holds them; all when null. They can only shrink.</param>
    /// <returns>The headers; or <c>authz.expired</c>, <c>authz.not_addressed_here</c>, <c>authz.chain_too_long</c>, <c>authz.too_large</c>, <c>authz.own_certificate_expired</c>.</returns>
    /// <remarks>
    /// All but <c>authz.expired</c> are refusals of an outbound call (<see cref="Rejection.IsOutbound"/>): a host answers them with 502 or 503, for the
    /// caller can do nothing about them.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="to"/> is <c>default</c>.</exception>
    public Verdict<TxnHeaders> Link(AuthzContext context, WorkloadId to, PermissionSet? narrowTo = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (to.IsDefault)
        {
            throw new ArgumentException("A context is handed to a named workload.", nameof(to));
        }

        var verdict = Decide(context, to, narrowTo is null ? context.Permissions : context.Permissions.Intersect(narrowTo));
        _metrics.Linked(verdict.Rejection);
        return verdict;
    }

    private Verdict<TxnHeaders> Decide(AuthzContext context, WorkloadId to, PermissionSet scope)
    {
        var now = _time.GetUtcNow();
        if (!_own.Get(now).TryGet(out var own, out var rejection))
        {
            return rejection.ToOutbound();
        }

        // The one refusal that is the caller's: its context has ended.
        if (!context.CheckExpiry(now).TryGet(out _, out rejection))
        {
            return rejection;
        }

        if (context.CallChain[^1] != own.Workload)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.NotAddressedHere, "The context is not held by this workload.", own.Workload.ToString(), context.CallChain[^1].ToString()).ToOutbound();
        }

        var request = new Request(context.Wire.Last, to, scope, own);
        return _linked.TryGet(request, out var linked) && linked.IssuedAt <= now && now < linked.ExpiresAt ? linked.Headers : Sign(context, request, now);
    }

    private Verdict<TxnHeaders> Sign(AuthzContext context, Request request, DateTimeOffset now)
    {
        var own = request.Own;
        var notAfter = DateTimeOffset.FromUnixTimeSeconds(own.NotAfter.ToUnixTimeSeconds());
        var expiresAt = context.ExpiresAt < notAfter ? context.ExpiresAt : notAfter;
        if (expiresAt <= now)
        {
            return notAfter <= now
                ? SigningIdentitySource.Expired(own.NotAfter).ToOutbound()
                : AuthzRejections.Refuse(AuthzRejectionReason.Expired, $"The context ended at {context.ExpiresAt:O}, it is {now:O}.");
        }

        var wire = context.Wire;
        if (wire.Links.Count >= TxnHeaders.MaxLinks)
        {
            return AuthzRejections.Refuse(
                AuthzRejectionReason.ChainTooLong,
                $"The context went through {wire.Links.Count} links already, {TxnHeaders.MaxLinks} at most.").ToOutbound();
        }

        var claims = new LinkClaims(TxnToken.HashOf(request.Parent), request.To, request.Scope, DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()), expiresAt);
        var headers = new TxnHeaders(
            wire.Root,
            string.Join(TxnToken.Separator, wire.Links.Append(TxnToken.SignLink(own.Signer, claims))),
            string.Join(TxnToken.Separator, wire.Certificates.Union(own.Certificates, StringComparer.Ordinal)));
        if (headers.Token.Length + headers.Chain.Length + headers.Certs.Length > TxnHeaders.MaxLength)
        {
            return AuthzRejections.Refuse(
                AuthzRejectionReason.TooLarge,
                $"{headers.DescribeLength()} P-256 leaves in place of RSA, and fewer certificates between leaf and anchor, make it smaller.")
                .ToOutbound();
        }

        _linked.Set(request, new Linked(headers, claims.IssuedAt, expiresAt));
        return headers;
    }

    // A link that was issued before the clock was set back is refused until the clock is there again, so another takes its place.
    private sealed record Linked(TxnHeaders Headers, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);

    private readonly record struct Request(string Parent, WorkloadId To, PermissionSet Scope, SigningIdentity Own);
}
