using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using ZeroTrust.Authz.Diagnostics;
using ZeroTrust.Authz.Internal;
using ZeroTrust.Jose;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz;

/// <summary>Begins contexts, within this workload's own mint grant. Thread-safe.</summary>
/// <remarks>Whoever calls it vouches for tenant, subject and permissions: only code that has authenticated them may.</remarks>
public sealed class AuthzContextMinter
{
    private const int TransactionIdBytes = 16;

    private readonly SigningIdentitySource _own;
    private readonly MintGrants _grants;
    private readonly ChainRules _rules;
    private readonly TrustDomain _audience;
    private readonly TimeSpan _lifetime;
    private readonly TimeSpan _reuseWindow;
    private readonly TimeProvider _time;
    private readonly AuthzMetrics _metrics;
    private readonly QuietLogger _logger;
    private readonly BoundedCache<Request, Minted> _minted;

    internal AuthzContextMinter(SigningIdentitySource own, MintGrants grants, ChainRules rules, TrustDomain audience, AuthzOptions options, TimeProvider time, AuthzMetrics metrics, ILogger<AuthzContextMinter> logger)
    {
        _own = own;
        _grants = grants;
        _rules = rules;
        _audience = audience;
        _lifetime = options.ContextLifetime;
        _reuseWindow = options.ReuseWindow;
        _time = time;
        _metrics = metrics;
        _logger = new QuietLogger(logger);
        _minted = new BoundedCache<Request, Minted>(options.MaxCachedContexts);
    }

    /// <summary>The permissions the own grant allows to mint. Intersect with it what a source of permissions answers; a request above it is refused.</summary>
    /// <returns>The ceiling; empty without a grant.</returns>
    public PermissionSet GetPermissionCeiling() =>
        _own.Get().TryGet(out var own, out _) && _grants.Find(own.Workload).TryGet(out var grant, out _) ? grant.Permissions : PermissionSet.Empty;

    /// <summary>Mints a context, or returns the one minted for the same request within the reuse window.</summary>
    /// <param name="tenant">The tenant; <c>default</c> is refused.</param>
    /// <param name="subject">The subject; <c>default</c> is refused.</param>
    /// <param name="permissions">The permissions; empty means none.</param>
    /// <param name="notAfter">When the credential ends that the context stands for, so that the context does not outlive it; null where there is none.</param>
    /// <returns>
    /// The context, held by this workload; <c>authz.mint_*</c> when the own grant does not cover it; <c>authz.expired</c> when
    /// <paramref name="notAfter"/> has passed; <c>authz.own_certificate_expired</c> when this workload cannot sign any more.
    /// </returns>
    public Verdict<AuthzContext> Mint(TenantId tenant, SubjectId subject, PermissionSet permissions, DateTimeOffset? notAfter = null)
    {
        ArgumentNullException.ThrowIfNull(permissions);
        var verdict = Decide(tenant, subject, permissions, notAfter ?? DateTimeOffset.MaxValue);
        _metrics.Minted(verdict.Rejection);
        if (!verdict.IsAccepted)
        {
            Log.MintRefused(_logger, verdict.Rejection.Code, verdict.Rejection.Detail);
        }

        return verdict;
    }

    /// <summary>Begins a context in which this workload acts for itself: for a scheduled job, or a consumer of messages, behind which no caller stands.</summary>
    /// <param name="tenant">The one tenant the work is done for; <c>default</c> is refused.</param>
    /// <param name="permissions">The permissions the work needs; empty means none.</param>
    /// <param name="reason">What the work is, for whoever asks later. It is logged with each context (event <c>SystemContextCreated</c>), so name no person in it.</param>
    /// <returns>
    /// The context of subject <c>system:</c> and the own workload id; <c>authz.mint_*</c> when the own grant does not cover it, which has to name
    /// <see cref="SubjectKind.System"/>; <c>authz.own_workload_unnamed</c> without an own name of at most 249 characters.
    /// </returns>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    /// <remarks>It lasts as long as any other (<see cref="AuthzOptions.ContextLifetime"/>): longer work asks again for each of its steps.</remarks>
    public Verdict<AuthzContext> CreateSystemContext(TenantId tenant, PermissionSet permissions, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        _ = _own.Get().TryGet(out var own, out _);
        _ = SubjectId.TryParse(SubjectId.SystemPrefix + own?.Workload, out var subject);
        var verdict = Mint(tenant, subject, permissions);
        if (verdict.TryGet(out var context, out _))
        {
            Log.SystemContextCreated(_logger, context.TransactionId, tenant, permissions, reason);
        }

        return verdict;
    }

    /// <summary>Takes what a token service signed for this workload, so that it becomes the first holder of the context.</summary>
    /// <param name="token">The root, as the token service answered.</param>
    /// <returns>
    /// The context, held by this workload; <c>jose.*</c> for a malformed or wrongly signed token; <c>authz.token_service_*</c>, <c>authz.mint_*</c> when
    /// the service's grant does not cover it, <c>authz.requester_mismatch</c> when another workload was authenticated; else the code of rule 1 or 4.
    /// </returns>
    /// <remarks>Never give it a token that came with a call: a root alone proves nothing about who sent it.</remarks>
    public Verdict<AuthzContext> Redeem(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var verdict = _own.Get().TryGet(out var own, out var rejection) ? _rules.Redeem(token, own.Workload, _time.GetUtcNow()) : rejection;
        _metrics.Verified(verdict.Rejection);
        return verdict;
    }

    private Verdict<AuthzContext> Decide(TenantId tenant, SubjectId subject, PermissionSet permissions, DateTimeOffset notAfter)
    {
        var now = _time.GetUtcNow();
        if (!_own.Get(now).TryGet(out var own, out var rejection) || !_grants.Find(own.Workload).TryGet(out var grant, out rejection))
        {
            return rejection;
        }

        var lifetime = grant.MaxLifetime < _lifetime ? grant.MaxLifetime : _lifetime;
        if (grant.Check(tenant, subject, own.Workload, permissions, lifetime) is { } refusal)
        {
            return refusal;
        }

        var request = new Request(tenant, subject, permissions, own);
        if (notAfter <= now)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.Expired, $"The credential behind the context ended at {notAfter:O}.");
        }

        return _minted.TryGet(request, out var minted) && minted.IsFresh(now, _time) && minted.Context.ExpiresAt <= notAfter
            ? minted.Context
            : Mint(request, now, lifetime, notAfter);
    }

    private Verdict<AuthzContext> Mint(Request request, DateTimeOffset now, TimeSpan lifetime, DateTimeOffset notAfter)
    {
        var own = request.Own;
        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        var expiresAt = issuedAt + lifetime;
        if (expiresAt > own.NotAfter)
        {
            expiresAt = DateTimeOffset.FromUnixTimeSeconds(own.NotAfter.ToUnixTimeSeconds());
        }

        if (notAfter < expiresAt)
        {
            // Whole seconds, never later than the credential.
            expiresAt = DateTimeOffset.FromUnixTimeSeconds(notAfter.ToUnixTimeSeconds());
        }

        if (expiresAt <= now)
        {
            return notAfter < own.NotAfter
                ? AuthzRejections.Refuse(AuthzRejectionReason.Expired, $"The credential behind the context ends at {notAfter:O}.")
                : SigningIdentitySource.Expired(own.NotAfter);
        }

        var transactionId = CanonicalBase64Url.Encode(RandomNumberGenerator.GetBytes(TransactionIdBytes));
        var claims = new RootClaims(own.Workload.ToString(), issuedAt, expiresAt, _audience.ToString(), transactionId, request.Subject, request.Permissions, own.Workload, request.Tenant);
        var wire = new ContextWire(TxnToken.SignRoot(own.Signer, claims), [], own.Certificates);
        var context = new AuthzContext(request.Tenant, request.Subject, request.Permissions, transactionId, [own.Workload], expiresAt, wire);
        Log.ContextMinted(_logger, transactionId, expiresAt);

        // Never reused into its last half, whatever the grant or the certificate shortened it to.
        var half = (expiresAt - now) / 2;
        var window = half < _reuseWindow ? half : _reuseWindow;
        if (window > TimeSpan.Zero)
        {
            _minted.Set(request, new Minted(context, issuedAt, now + window, _time.GetTimestamp(), window));
        }

        return context;
    }

    // The window is elapsed time and time of the clock, whichever ends first: after the clock was set back, receivers refuse what was issued ahead of it.
    private sealed record Minted(AuthzContext Context, DateTimeOffset IssuedAt, DateTimeOffset ReuseUntil, long MintedAt, TimeSpan Window)
    {
        public bool IsFresh(DateTimeOffset now, TimeProvider time) =>
            IssuedAt <= now && now < ReuseUntil && time.GetElapsedTime(MintedAt) < Window;
    }

    private readonly record struct Request(TenantId Tenant, SubjectId Subject, PermissionSet Permissions, SigningIdentity Own);
}
