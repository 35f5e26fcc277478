using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using ZeroTrust.Authz.Diagnostics;
using ZeroTrust.Authz.Internal;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz;

/// <summary>Begins contexts, within this workload's own mint grant. Thread-safe.</summary>
/// <remarks>Whoever calls it vouches for tenant, subject and permissions: only code that has authenticated them may.</remarks>
public sealed class AuthzContextMinter
{
    private const int TransactionIdBytes = 16;

    private readonly SigningIdentitySource _own;
    private readonly MintGrants _grants;
    private readonly TrustDomain _audience;
    private readonly TimeSpan _lifetime;
    private readonly TimeSpan _reuseWindow;
    private readonly TimeProvider _time;
    private readonly AuthzMetrics _metrics;
    private readonly ILogger<AuthzContextMinter> _logger;
    private readonly BoundedCache<Request, Minted> _minted;

    internal AuthzContextMinter(SigningIdentitySource own, MintGrants grants, TrustDomain audience, AuthzOptions options, TimeProvider time, AuthzMetrics metrics, ILogger<AuthzContextMinter> logger)
    {
        _own = own;
        _grants = grants;
        _audience = audience;
        _lifetime = options.ContextLifetime;
        _reuseWindow = options.ReuseWindow;
        _time = time;
        _metrics = metrics;
        _logger = logger;
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
    /// <returns>The context, held by this workload; or <c>authz.mint_*</c> when the own grant does not cover it.</returns>
    public Verdict<AuthzContext> Mint(TenantId tenant, SubjectId subject, PermissionSet permissions)
    {
        ArgumentNullException.ThrowIfNull(permissions);
        var verdict = Decide(tenant, subject, permissions);
        _metrics.Minted(verdict.Rejection);
        if (!verdict.IsAccepted)
        {
            Log.MintRefused(_logger, verdict.Rejection.Code, verdict.Rejection.Detail);
        }

        return verdict;
    }

    private Verdict<AuthzContext> Decide(TenantId tenant, SubjectId subject, PermissionSet permissions)
    {
        if (!_own.Get().TryGet(out var own, out var rejection) || !_grants.Find(own.Workload).TryGet(out var grant, out rejection))
        {
            return rejection;
        }

        var lifetime = grant.MaxLifetime < _lifetime ? grant.MaxLifetime : _lifetime;
        if (grant.Check(tenant, subject, permissions, lifetime) is { } refusal)
        {
            return refusal;
        }

        var now = _time.GetUtcNow();
        var request = new Request(tenant, subject, permissions, own);
        if (_minted.TryGet(request, out var minted) && now < minted.ReuseUntil)
        {
            return minted.Context;
        }

        return Mint(request, now, lifetime);
    }

    private Verdict<AuthzContext> Mint(Request request, DateTimeOffset now, TimeSpan lifetime)
    {
        var own = request.Own;
        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        var expiresAt = issuedAt + lifetime;
        if (expiresAt > own.NotAfter)
        {
            expiresAt = DateTimeOffset.FromUnixTimeSeconds(own.NotAfter.ToUnixTimeSeconds());
        }

        if (expiresAt <= now)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.LinkOutlivesSigner, $"The own certificate ended at {own.NotAfter:O}.");
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
            _minted.Set(request, new Minted(context, now + window));
        }

        return context;
    }

    private sealed record Minted(AuthzContext Context, DateTimeOffset ReuseUntil);

    private readonly record struct Request(TenantId Tenant, SubjectId Subject, PermissionSet Permissions, SigningIdentity Own);
}
