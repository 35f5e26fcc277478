using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.X509.Tests.Support;

/// <summary>The extensions of RFC 5280, as critical as it asks for.</summary>
internal static class Ext
{
    public const string SubjectKeyIdOid = "2.5.29.14";
    public const string KeyUsageOid = "2.5.29.15";
    public const string SubjectAltNameOid = "2.5.29.17";
    public const string BasicConstraintsOid = "2.5.29.19";
    public const string NameConstraintsOid = "2.5.29.30";
    public const string PoliciesOid = "2.5.29.32";
    public const string AuthorityKeyIdOid = "2.5.29.35";
    public const string ExtendedKeyUsageOid = "2.5.29.37";
    public const string AnyExtendedKeyUsage = "2.5.29.37.0";

    public static ForgedExtension Ca(int? pathLength = null) =>
        new(BasicConstraintsOid, Der.Sequence(Der.True, pathLength is { } length ? Der.Integer(length) : []), IsCritical: true);

    public static ForgedExtension NoCa => new(BasicConstraintsOid, Der.Sequence(), IsCritical: true);

    /// <summary>An access to an OCSP responder.</summary>
    public static ForgedExtension AuthorityInfoAccess =>
        new("1.3.6.1.5.5.7.1.1", Der.Sequence(Der.Sequence(Der.Oid("1.3.6.1.5.5.7.48.1"), Gn.Uri("http://ocsp.example.com"))));

    public static ForgedExtension KeyUsage(X509KeyUsageFlags flags) => new(KeyUsageOid, new X509KeyUsageExtension(flags, critical: true).RawData, IsCritical: true);

    public static ForgedExtension ExtendedKeyUsage(params string[] purposes) => new(ExtendedKeyUsageOid, Der.Sequence([.. purposes.Select(Der.Oid)]));

    public static ForgedExtension SubjectAltName(params byte[][] names) => new(SubjectAltNameOid, Der.Sequence(names));

    public static ForgedExtension SubjectKeyId(byte[] id) => new(SubjectKeyIdOid, Der.OctetString(id));

    public static ForgedExtension AuthorityKeyId(byte[] id) => new(AuthorityKeyIdOid, Der.Sequence(Der.Tlv(0x80, id)));

    public static ForgedExtension Permitted(params byte[][] bases) => NameConstraints(bases, []);

    public static ForgedExtension Excluded(params byte[][] bases) => NameConstraints([], bases);

    public static ForgedExtension NameConstraints(byte[][] permitted, byte[][] excluded) =>
        new(NameConstraintsOid, Der.Sequence(Subtrees(0xA0, permitted), Subtrees(0xA1, excluded)), IsCritical: true);

    public static ForgedExtension Policies(params string[] policies) => new(PoliciesOid, Der.Sequence([.. policies.Select(policy => Der.Sequence(Der.Oid(policy)))]));

    public static ForgedExtension PolicyMappings(params (string Issuer, string Subject)[] mappings) =>
        new("2.5.29.33", Der.Sequence([.. mappings.Select(mapping => Der.Sequence(Der.Oid(mapping.Issuer), Der.Oid(mapping.Subject)))]), IsCritical: true);

    public static ForgedExtension PolicyConstraints(int? requireExplicit = null, int? inhibitMapping = null) =>
        new("2.5.29.36", Der.Sequence(Count(0x80, requireExplicit), Count(0x81, inhibitMapping)), IsCritical: true);

    public static ForgedExtension InhibitAnyPolicy(int skipCertificates) => new("2.5.29.54", Der.Integer(skipCertificates), IsCritical: true);

    private static byte[] Subtrees(byte tag, byte[][] bases) => bases.Length == 0 ? [] : Der.Tlv(tag, [.. bases.Select(item => Der.Sequence(item))]);

    private static byte[] Count(byte tag, int? count) => count is { } value ? Der.Tlv(tag, [(byte)value]) : [];
}
