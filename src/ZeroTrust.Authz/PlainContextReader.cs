using ZeroTrust.Authz.Internal;
using ZeroTrust.Mtls;

namespace ZeroTrust.Authz;

/// <summary>Turns the plain headers of the few peers that code lists into contexts of this workload. Thread-safe.</summary>
/// <remarks>
/// Without <see cref="AuthzDangers.AcceptPlainHeaders"/> it refuses everything. What it accepts is minted here: both the sender's
/// mint grant and the own one have to cover it, and the call chain begins with this workload.
/// </remarks>
public sealed class PlainContextReader
{
    private readonly IReadOnlySet<WorkloadId> _senders;
    private readonly MintGrants _grants;
    private readonly AuthzContextMinter _minter;
    private readonly TimeProvider _time;

    internal PlainContextReader(IReadOnlySet<WorkloadId> senders, MintGrants grants, AuthzContextMinter minter, TimeProvider time)
    {
        _senders = senders;
        _grants = grants;
        _minter = minter;
        _time = time;
    }

    /// <summary>Whether a peer is listed, so that its plain headers are to be read and not only removed.</summary>
    /// <param name="sender">The verified peer of the connection.</param>
    public bool IsListed(VerifiedPeer sender)
    {
        ArgumentNullException.ThrowIfNull(sender);
        return sender is { Role: PeerRole.Client, Workload: { } workload } && _senders.Contains(workload);
    }

    /// <summary>Reads the plain headers as they came over a connection.</summary>
    /// <param name="headers">The three values.</param>
    /// <param name="sender">The verified peer of the connection, as a client.</param>
    /// <returns>
    /// The context, held by this workload; <c>authz.plain_sender_not_listed</c>, <c>authz.plain_context_malformed</c>, or
    /// <c>authz.mint_*</c> when the sender's grant or the own one does not cover it.
    /// </returns>
    public Verdict<AuthzContext> Read(PlainHeaders headers, VerifiedPeer sender)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(sender);
        if (!IsListed(sender))
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.PlainSenderNotListed, "The peer's plain headers are not believed.", expected: null, sender.Workload?.ToString());
        }

        if (!TenantId.TryParse(headers.Tenant, out var tenant))
        {
            return Malformed(PlainHeaderNames.Tenant, RootClaims.TenantRule, headers.Tenant);
        }

        if (!SubjectId.TryParse(headers.Subject, out var subject))
        {
            return Malformed(PlainHeaderNames.Subject, RootClaims.SubjectRule, headers.Subject);
        }

        if (!PermissionSet.TryParse(headers.Permissions, out var permissions))
        {
            return Malformed(PlainHeaderNames.Permissions, RootClaims.ScopeRule, headers.Permissions);
        }

        var workload = sender.Workload.GetValueOrDefault();
        if (!_grants.Find(workload).TryGet(out var grant, out var rejection))
        {
            return rejection;
        }

        // The grant's own lifetime caps the context below, so it is no ground for a refusal.
        if (grant.Check(tenant, subject, workload, permissions, lifetime: TimeSpan.Zero) is { } refusal)
        {
            return refusal;
        }

        var notAfter = _time.GetUtcNow() + grant.MaxLifetime;
        return _minter.Mint(tenant, subject, permissions, notAfter < sender.NotAfter ? notAfter : sender.NotAfter);
    }

    private static Rejection Malformed(string header, string wanted, string value) => AuthzRejections.Refuse(
        AuthzRejectionReason.PlainContextMalformed, $"{header}: wanted {wanted}, found {value.Length} characters.");
}
