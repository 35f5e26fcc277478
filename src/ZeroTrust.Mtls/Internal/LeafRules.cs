using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Internal;

/// <summary>
/// What a peer's leaf has to be beyond the rules of its path: those of SPIFFE and of the trust domain. They are cheap and come first.
/// </summary>
internal static class LeafRules
{
    private const string NoPath = "x509.untrusted_anchor";

    /// <summary>
    /// How far before its issue a leaf may begin: AWS Private CA's hour is the most of the issuers in <c>docs/defaults.md</c>.
    /// </summary>
    private static readonly TimeSpan BackDating = TimeSpan.FromHours(1);

    /// <summary>By how much a fresh leaf may end late: Linkerd adds its allowance for clocks, and clocks differ.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    public static string PurposeOf(PeerRole role) => role switch
    {
        PeerRole.Client => KeyPurposes.ClientAuth,
        PeerRole.Server => KeyPurposes.ServerAuth,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "A peer is verified as a client or as a server."),
    };

    /// <summary>All that SPIFFE asks of a leaf beyond its path.</summary>
    public static Rejection? CheckWorkload(Certificate leaf, SubjectNames names, string purpose) =>
        CheckUsage(leaf) ?? CheckNames(names) ?? CheckPurposes(leaf, names, purpose);

    /// <summary>X509-SVID section 4.3.</summary>
    public static Rejection? CheckUsage(Certificate leaf)
    {
        const X509KeyUsageFlags Forbidden = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign;
        return leaf is { IsKeyUsageCritical: true, KeyUsage: { } usage }
            && usage.HasFlag(X509KeyUsageFlags.DigitalSignature)
            && (usage & Forbidden) == X509KeyUsageFlags.None
            ? null
            : MtlsRejections.Refuse(
                MtlsRejectionReason.KeyUsageInvalid,
                "The key usage has to be critical, with digitalSignature, without keyCertSign and cRLSign.",
                "DigitalSignature",
                leaf.KeyUsage is { } presented ? $"{presented}, critical: {leaf.IsKeyUsageCritical}" : "absent");
    }

    /// <summary>X509-SVID section 2: one URI name, and a SPIFFE ID with a path (section 4.1).</summary>
    public static Rejection? CheckNames(SubjectNames names)
    {
        if (!names.HasSpiffeName || names.SpiffeId is not null)
        {
            return null;
        }

        return names.UriNames.Count > 1
            ? MtlsRejections.Refuse(MtlsRejectionReason.UriNameCount, "A leaf with a SPIFFE ID has one URI name.", "1", $"{names.UriNames.Count}")
            : MtlsRejections.Refuse(MtlsRejectionReason.SpiffeIdInvalid, "The URI name is not the SPIFFE ID of a workload.", presented: names.UriNames[0]);
    }

    /// <summary>X509-SVID section 4.4: both purposes, whichever part the workload plays.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="names">Its names.</param>
    /// <param name="role">The purpose of the part played; a leaf without it is told so by the rules of its path.</param>
    public static Rejection? CheckPurposes(Certificate leaf, SubjectNames names, string role)
    {
        var other = role == KeyPurposes.ClientAuth ? KeyPurposes.ServerAuth : KeyPurposes.ClientAuth;
        return names.SpiffeId is null || !leaf.HoldsPurpose(role) || leaf.HoldsPurpose(other)
            ? null
            : MtlsRejections.Refuse(
                MtlsRejectionReason.ExtendedKeyUsageIncomplete, "A leaf with a SPIFFE ID is good for servers and clients.", $"{role} {other}", role);
    }

    /// <summary>What every peer asks of the own leaf, whoever its anchors are: the rules above and those of x509 for a leaf.</summary>
    public static Rejection? CheckOwn(Certificate leaf, DateTimeOffset now, TimeSpan clockSkew)
    {
        var names = new SubjectNames(leaf);
        var policy = new PathPolicy
        {
            Purpose = leaf.HoldsPurpose(KeyPurposes.ServerAuth) ? KeyPurposes.ServerAuth : KeyPurposes.ClientAuth,
            ClockSkew = clockSkew,
            Revocation = RevocationMode.None,
        };
        return CheckUsage(leaf)
            ?? CheckNames(names)
            ?? CheckPurposes(leaf, names, KeyPurposes.ServerAuth)
            ?? CheckPurposes(leaf, names, KeyPurposes.ClientAuth)
            ?? (new PathValidator(new TrustAnchorSet()).Validate(leaf, [], policy, now).Rejection is { } unfit && unfit.Code != NoPath ? unfit : null);
    }

    public static string LifetimeSettingOf(TrustDomain domain) =>
        $"{MtlsOptions.SectionName}:{nameof(MtlsOptions.TrustDomains)}:{domain}:{nameof(TrustDomainOptions.MaxLeafLifetime)}";

    /// <summary>
    /// What is bounded is for how long a stolen key is of use from now on: by the limit. Issuers begin their leaves before they issue them,
    /// which makes that no longer, and so an hour of it passes. A leaf that uses the hour to live longer is refused until what is left of
    /// its life is within the limit.
    /// </summary>
    public static Rejection? CheckLifetime(Certificate leaf, TimeSpan? limit, string setting, DateTimeOffset now)
    {
        if (limit is not { } longest)
        {
            return null;
        }

        var lifetime = leaf.NotAfter - leaf.NotBefore;
        var left = leaf.NotAfter - (now > leaf.NotBefore ? now : leaf.NotBefore);
        return lifetime <= Add(longest, BackDating + Late) && left <= Add(longest, Late)
            ? null
            : MtlsRejections.Refuse(
                MtlsRejectionReason.LifetimeTooLong,
                $"The leaf lives longer than {setting} allows: {lifetime:c} in all and {left:c} from now on, where {longest:c} may be, and {BackDating:c} of "
                    + "back-dating beside it. Issue shorter leaves, or give CRLs, or raise the setting.",
                longest.ToString("c"),
                lifetime.ToString("c"));
    }

    private static TimeSpan Add(TimeSpan time, TimeSpan more) => time > TimeSpan.MaxValue - more ? TimeSpan.MaxValue : time + more;
}
