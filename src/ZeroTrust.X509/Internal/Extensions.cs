using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.X509.Internal;

/// <summary>basicConstraints (RFC 5280 section 4.2.1.9).</summary>
internal sealed record BasicConstraints(bool IsCritical, bool IsCa, int? MaxPathLength);

/// <summary>keyUsage (RFC 5280 section 4.2.1.3), bit n of the extension at bit n here.</summary>
internal sealed record KeyUsage(bool IsCritical, int Bits)
{
    private const int DigitalSignature = 1 << 0;
    private const int KeyCertSign = 1 << 5;
    private const int CrlSign = 1 << 6;
    private const int DecipherOnly = 1 << 8;

    /// <summary>The platform's spelling, whose first octet holds bit 0 highest.</summary>
    public X509KeyUsageFlags Flags
    {
        get
        {
            var flags = (Bits & DecipherOnly) != 0 ? X509KeyUsageFlags.DecipherOnly : X509KeyUsageFlags.None;
            for (var bit = 0; bit < 8; bit++)
            {
                flags |= (X509KeyUsageFlags)(((Bits >> bit) & 1) << (7 - bit));
            }

            return flags;
        }
    }

    public bool MaySign => (Bits & DigitalSignature) != 0;

    public bool MaySignCertificates => (Bits & KeyCertSign) != 0;

    public bool MaySignCrls => (Bits & CrlSign) != 0;
}

/// <summary>extKeyUsage (RFC 5280 section 4.2.1.12).</summary>
internal sealed record ExtendedKeyUsage(bool IsCritical, ReadOnlyMemory<byte>[] Purposes)
{
    public bool Holds(ReadOnlySpan<byte> purpose)
    {
        foreach (var held in Purposes)
        {
            if (held.Span.SequenceEqual(purpose))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>subjectAltName (RFC 5280 section 4.2.1.6).</summary>
internal sealed record SubjectAltName(bool IsCritical, GeneralName[] Names);

/// <summary>authorityKeyIdentifier (RFC 5280 section 4.2.1.1).</summary>
/// <param name="IsCritical">Whether the extension is critical.</param>
/// <param name="KeyId">The identifier of the issuer's key.</param>
/// <param name="IssuerNames">The content of the names of the issuer's issuer, unread.</param>
/// <param name="Serial">The serial number of the issuer's certificate.</param>
internal sealed record AuthorityKeyIdentifier(
    bool IsCritical,
    ReadOnlyMemory<byte>? KeyId,
    ReadOnlyMemory<byte>? IssuerNames,
    ReadOnlyMemory<byte>? Serial);

/// <summary>subjectKeyIdentifier (RFC 5280 section 4.2.1.2).</summary>
internal sealed record SubjectKeyIdentifier(bool IsCritical, ReadOnlyMemory<byte> KeyId);

/// <summary>policyConstraints (RFC 5280 section 4.2.1.11); a count that is not there is null.</summary>
internal sealed record PolicyConstraints(bool IsCritical, int? RequireExplicit, int? InhibitMapping);

/// <summary>inhibitAnyPolicy (RFC 5280 section 4.2.1.14).</summary>
internal sealed record InhibitAnyPolicy(bool IsCritical, int SkipCertificates);

/// <summary>One entry of policyMappings (RFC 5280 section 4.2.1.5).</summary>
internal readonly record struct PolicyMapping(ReadOnlyMemory<byte> IssuerDomain, ReadOnlyMemory<byte> SubjectDomain);

/// <summary>nameConstraints (RFC 5280 section 4.2.1.10): the bases of its subtrees.</summary>
/// <param name="IsCritical">Whether the extension is critical.</param>
/// <param name="Permitted">The bases of the permitted subtrees.</param>
/// <param name="Excluded">The bases of the excluded subtrees.</param>
/// <param name="Defect">Why they cannot be applied, as the end of a sentence; no path holds a certificate with one. Null when nothing is wrong.</param>
internal sealed record NameConstraints(bool IsCritical, GeneralName[] Permitted, GeneralName[] Excluded, string? Defect = null);

/// <summary>Everything the extensions of a certificate say. Null and empty where an extension is absent.</summary>
internal sealed class CertificateExtensions
{
    public BasicConstraints? BasicConstraints { get; set; }

    public KeyUsage? KeyUsage { get; set; }

    public ExtendedKeyUsage? ExtendedKeyUsage { get; set; }

    public SubjectAltName? SubjectAltName { get; set; }

    public AuthorityKeyIdentifier? AuthorityKeyIdentifier { get; set; }

    public SubjectKeyIdentifier? SubjectKeyIdentifier { get; set; }

    public NameConstraints? NameConstraints { get; set; }

    public PolicyConstraints? PolicyConstraints { get; set; }

    public InhibitAnyPolicy? InhibitAnyPolicy { get; set; }

    /// <summary>The policies; null when the extension is absent, which is not the same as holding none.</summary>
    public ReadOnlyMemory<byte>[]? Policies { get; set; }

    public PolicyMapping[] PolicyMappings { get; set; } = [];

    public DistributionPoint[] CrlDistributionPoints { get; set; } = [];

    public bool AuthorityInfoAccessIsCritical { get; set; }

    /// <summary>The first critical extension we do not know.</summary>
    public ReadOnlyMemory<byte>? UnknownCritical { get; set; }
}
