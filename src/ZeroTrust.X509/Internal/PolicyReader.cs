using System.Formats.Asn1;

namespace ZeroTrust.X509.Internal;

/// <summary>Reads the extensions about certificate policies (RFC 5280 sections 4.2.1.4, 4.2.1.5, 4.2.1.11 and 4.2.1.14). Qualifiers are passed over.</summary>
internal static class PolicyReader
{
    public static ReadOnlyMemory<byte>[] ReadPolicies(DerReader reader)
    {
        var policies = new List<ReadOnlyMemory<byte>>(2);
        do
        {
            var policy = reader.ReadInner(DerReader.Sequence);
            var oid = policy.ReadOid();
            if (policy.HasData)
            {
                policy.Read(DerReader.Sequence);
            }

            policy.End();

            // A policy MUST NOT appear more than once.
            if (policies.Exists(earlier => earlier.Span.SequenceEqual(oid.Span)))
            {
                throw new AsnContentException("A certificate policy is repeated.");
            }

            policies.Add(oid);
        }
        while (reader.HasData);
        return [.. policies];
    }

    public static PolicyMapping[] ReadMappings(DerReader reader)
    {
        var mappings = new List<PolicyMapping>(1);
        do
        {
            var mapping = reader.ReadInner(DerReader.Sequence);
            mappings.Add(new PolicyMapping(mapping.ReadOid(), mapping.ReadOid()));
            mapping.End();
        }
        while (reader.HasData);
        return [.. mappings];
    }

    public static PolicyConstraints ReadConstraints(DerReader reader, bool isCritical)
    {
        int? requireExplicit = reader.NextIs(DerReader.Context(0)) ? reader.ReadCount(DerReader.Context(0)) : null;
        int? inhibitMapping = reader.NextIs(DerReader.Context(1)) ? reader.ReadCount(DerReader.Context(1)) : null;
        reader.End();
        return requireExplicit is null && inhibitMapping is null
            ? throw new AsnContentException("Policy constraints that constrain nothing.")
            : new PolicyConstraints(isCritical, requireExplicit, inhibitMapping);
    }

    public static InhibitAnyPolicy ReadInhibitAny(ReadOnlyMemory<byte> value, bool isCritical)
    {
        var reader = new DerReader(value);
        var skip = reader.ReadCount();
        reader.End();
        return new InhibitAnyPolicy(isCritical, skip);
    }
}
