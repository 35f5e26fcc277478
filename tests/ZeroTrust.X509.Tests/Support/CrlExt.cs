using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.X509.Tests.Support;

/// <summary>The extensions of CRLs and their entries (RFC 5280 sections 5.2 and 5.3).</summary>
internal static class CrlExt
{
    public const string NumberOid = "2.5.29.20";
    public const string DeltaOid = "2.5.29.27";
    public const string ScopeOid = "2.5.29.28";
    public const string CertificateIssuerOid = "2.5.29.29";

    /// <summary>One that nobody knows.</summary>
    public static ForgedExtension Unknown => new("1.3.6.1.4.1.99999.1", Der.Null);

    public static ForgedExtension InvalidityDate => new("2.5.29.24", Der.Text(0x18, "20260101000000Z"));

    public static ForgedExtension Number(string oid, long number, bool isCritical) => new(oid, Der.Integer(number), isCritical);

    public static ForgedExtension Reason(int reason) => new("2.5.29.21", Der.Tlv(0x0A, [(byte)reason]));

    public static ForgedExtension CertificateIssuer(string name) =>
        new(CertificateIssuerOid, Der.Sequence(Gn.Directory(new X500DistinguishedName(name).RawData)), IsCritical: true);
}
