using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Mtls.Internal;

/// <summary>What a peer's leaf has to be, before any path is searched. The cheap rules come first.</summary>
internal static class LeafRules
{
    public const string ServerAuthOid = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuthOid = "1.3.6.1.5.5.7.3.2";

    private static readonly TimeSpan BackDating = TimeSpan.FromMinutes(1);

    public static string PurposeOf(PeerRole role) => role switch
    {
        PeerRole.Client => ClientAuthOid,
        PeerRole.Server => ServerAuthOid,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "A peer is verified as a client or as a server."),
    };

    public static Rejection? Check(X509Certificate2 leaf, PeerRole role) =>
        CheckForm(leaf) ?? CheckUsage(leaf, role) ?? CheckStrength(leaf);

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

    public static Rejection? CheckLifetime(X509Certificate2 leaf, TimeSpan limit)
    {
        var lifetime = CertificateRules.NotAfter(leaf) - CertificateRules.NotBefore(leaf);
        return lifetime <= limit + BackDating
            ? null
            : MtlsRejections.Refuse(
                MtlsRejectionReason.LifetimeTooLong, "The leaf lives longer than its trust domain allows.", limit.ToString("c"), lifetime.ToString("c"));
    }

    private static Rejection? CheckForm(X509Certificate2 leaf)
    {
        if (leaf.Version != 3 || leaf.Extensions.DistinctBy(item => item.Oid?.Value, StringComparer.Ordinal).Count() != leaf.Extensions.Count)
        {
            return MtlsRejections.Refuse(MtlsRejectionReason.Malformed, "The leaf is not X.509 version 3, or repeats an extension.");
        }

        return CertificateRules.IsCa(leaf) ? MtlsRejections.Refuse(MtlsRejectionReason.LeafIsCa, "The leaf is a CA certificate.") : null;
    }

    private static Rejection? CheckUsage(X509Certificate2 leaf, PeerRole role)
    {
        const X509KeyUsageFlags Forbidden = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign;
        var usage = leaf.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        if (usage is not { Critical: true }
            || !usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature)
            || (usage.KeyUsages & Forbidden) != X509KeyUsageFlags.None)
        {
            return MtlsRejections.Refuse(
                MtlsRejectionReason.KeyUsageInvalid,
                "The key usage has to be critical, with digitalSignature, without keyCertSign and cRLSign.",
                "DigitalSignature",
                usage is null ? "absent" : $"{usage.KeyUsages}, critical: {usage.Critical}");
        }

        var purpose = PurposeOf(role);
        var purposes = leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        return purposes?.EnhancedKeyUsages[purpose] is not null
            ? null
            : MtlsRejections.Refuse(
                MtlsRejectionReason.ExtendedKeyUsageMissing,
                $"The extended key usage does not hold the purpose of a {(role == PeerRole.Client ? "client" : "server")}.",
                purpose,
                purposes is null ? "absent" : string.Join(' ', purposes.EnhancedKeyUsages.Cast<Oid>().Select(oid => oid.Value)));
    }

    private static Rejection? CheckStrength(X509Certificate2 leaf)
    {
        if (!CertificateRules.HasStrongKey(leaf))
        {
            return MtlsRejections.Refuse(MtlsRejectionReason.WeakKey, "The leaf's key is too weak or of an unknown kind.");
        }

        return CertificateRules.HasStrongSignature(leaf)
            ? null
            : MtlsRejections.Refuse(MtlsRejectionReason.WeakSignature, "The leaf is signed with a weak algorithm.", presented: leaf.SignatureAlgorithm.Value);
    }
}
