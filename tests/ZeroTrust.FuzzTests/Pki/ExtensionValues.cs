using System.Formats.Asn1;

namespace ZeroTrust.FuzzTests.Pki;

/// <summary>Writes the extensions of RFC 5280 section 4.2.1.</summary>
internal static class ExtensionValues
{
    public const string BasicConstraintsOid = "2.5.29.19";
    public const string KeyUsageOid = "2.5.29.15";
    public const string ExtendedKeyUsageOid = "2.5.29.37";
    public const string AnyExtendedKeyUsage = "2.5.29.37.0";
    public const string SubjectAltNameOid = "2.5.29.17";
    public const string NameConstraintsOid = "2.5.29.30";
    public const string PolicyConstraintsOid = "2.5.29.36";
    public const string SubjectKeyIdentifierOid = "2.5.29.14";
    public const string AuthorityKeyIdentifierOid = "2.5.29.35";

    public const int DigitalSignature = 1 << 0;
    public const int KeyCertSign = 1 << 5;
    public const int CrlSign = 1 << 6;

    public static ExtensionSpec BasicConstraints(bool isCa, int? maxPathLength) => new(BasicConstraintsOid, IsCritical: true, Sequence(writer =>
    {
        if (isCa)
        {
            writer.WriteBoolean(true);
        }

        if (maxPathLength is { } length)
        {
            writer.WriteInteger(length);
        }
    }));

    /// <param name="bits">Bit n of the extension at bit n here.</param>
    public static ExtensionSpec KeyUsage(int bits)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteNamedBitList((NamedBits)bits);
        return new(KeyUsageOid, IsCritical: true, writer.Encode());
    }

    public static ExtensionSpec ExtendedKeyUsage(params IReadOnlyList<string> purposes) => new(ExtendedKeyUsageOid, IsCritical: false, Sequence(writer =>
    {
        foreach (var purpose in purposes)
        {
            writer.WriteObjectIdentifier(purpose);
        }
    }));

    public static ExtensionSpec SubjectKeyIdentifier(byte[] keyId)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(keyId);
        return new(SubjectKeyIdentifierOid, IsCritical: false, writer.Encode());
    }

    public static ExtensionSpec AuthorityKeyIdentifier(byte[] keyId) =>
        new(AuthorityKeyIdentifierOid, IsCritical: false, Sequence(writer => writer.WriteOctetString(keyId, Context(0))));

    public static ExtensionSpec SubjectAltName(params IReadOnlyList<NameSpec> names) => new(SubjectAltNameOid, IsCritical: false, Sequence(writer =>
    {
        foreach (var name in names)
        {
            name.Write(writer);
        }
    }));

    public static ExtensionSpec NameConstraints(IReadOnlyList<NameSpec> permitted, IReadOnlyList<NameSpec> excluded) =>
        new(NameConstraintsOid, IsCritical: true, Sequence(writer =>
        {
            WriteSubtrees(writer, 0, permitted);
            WriteSubtrees(writer, 1, excluded);
        }));

    public static ExtensionSpec CertificatePolicies(params IReadOnlyList<string> policies) => new("2.5.29.32", IsCritical: false, Sequence(writer =>
    {
        foreach (var policy in policies)
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(policy);
            }
        }
    }));

    public static ExtensionSpec PolicyMappings(string issuerPolicy, string subjectPolicy) => new("2.5.29.33", IsCritical: true, Sequence(writer =>
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(issuerPolicy);
            writer.WriteObjectIdentifier(subjectPolicy);
        }
    }));

    public static ExtensionSpec PolicyConstraints(int? requireExplicit, int? inhibitMapping) => new(PolicyConstraintsOid, IsCritical: true, Sequence(writer =>
    {
        if (requireExplicit is { } skip)
        {
            writer.WriteInteger(skip, Context(0));
        }

        if (inhibitMapping is { } mappingSkip)
        {
            writer.WriteInteger(mappingSkip, Context(1));
        }
    }));

    public static ExtensionSpec InhibitAnyPolicy(int skip)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(skip);
        return new("2.5.29.54", IsCritical: true, writer.Encode());
    }

    public static byte[] Sequence(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            write(writer);
        }

        return writer.Encode();
    }

    private static Asn1Tag Context(int number) => new(TagClass.ContextSpecific, number);

    private static void WriteSubtrees(AsnWriter writer, int number, IReadOnlyList<NameSpec> bases)
    {
        if (bases.Count == 0)
        {
            return;
        }

        using (writer.PushSequence(Context(number)))
        {
            foreach (var name in bases)
            {
                using (writer.PushSequence())
                {
                    name.Write(writer);
                }
            }
        }
    }

    [Flags]
    private enum NamedBits
    {
        None = 0,
    }
}
