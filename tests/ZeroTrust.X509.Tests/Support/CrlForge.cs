using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.X509.Tests.Support;

/// <summary>Makes CRLs, sound ones at first and wrong in whatever is changed.</summary>
internal sealed record CrlForge
{
    internal static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    internal string Issuer { get; init; } = "CN=CA";

    internal int? Version { get; init; } = 1;

    internal DateTimeOffset ThisUpdate { get; init; } = Now.AddHours(-1);

    internal DateTimeOffset? NextUpdate { get; init; } = Now.AddHours(1);

    internal byte[]? KeyId { get; init; } = [1, 2, 3];

    internal bool IsKeyIdCritical { get; init; }

    internal long? Number { get; init; } = 7;

    internal bool IsNumberCritical { get; init; }

    internal long? BaseNumber { get; init; }

    internal bool IsBaseCritical { get; init; } = true;

    internal ScopeForge? Scope { get; init; }

    internal bool IsScopeCritical { get; init; } = true;

    internal IReadOnlyList<ForgedEntry> Entries { get; init; } = [];

    internal bool HasEmptyList { get; init; }

    internal IReadOnlyList<ForgedExtension> Extensions { get; init; } = [];

    internal string InnerAlgorithm { get; init; } = ForgeKey.EcdsaWithSha256;

    internal string OuterAlgorithm { get; init; } = ForgeKey.EcdsaWithSha256;

    internal byte[] Trailer { get; init; } = [];

    // The writer grows by small steps, each of which copies everything.
    private int Capacity => 1024 + (64 * Entries.Count);

    /// <summary>The encoding, signed when there is a key.</summary>
    internal byte[] Encode(ECDsa? key = null) =>
        Encode(data => key?.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence) ?? [0]);

    internal CertificateRevocationList Read(ECDsa? key = null) => X509Assert.Accepted(CertificateRevocationList.Read(Encode(key)));

    internal CertificateRevocationList Read(ForgeKey key) => X509Assert.Accepted(CertificateRevocationList.Read(Encode(key.Sign)));

    private static void WriteAlgorithm(AsnWriter writer, string oid)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
        }
    }

    private byte[] Encode(Func<byte[], byte[]> sign)
    {
        var signed = EncodeSigned();
        var signature = sign(signed);
        var writer = new AsnWriter(AsnEncodingRules.DER, Capacity);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(signed);
            WriteAlgorithm(writer, OuterAlgorithm);
            writer.WriteBitString(signature);
        }

        return [.. writer.Encode(), .. Trailer];
    }

    private byte[] EncodeSigned()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER, Capacity);
        using (writer.PushSequence())
        {
            if (Version is { } version)
            {
                writer.WriteInteger(version);
            }

            WriteAlgorithm(writer, InnerAlgorithm);
            writer.WriteEncodedValue(new X500DistinguishedName(Issuer).RawData);
            writer.WriteUtcTime(ThisUpdate);
            if (NextUpdate is { } next)
            {
                writer.WriteUtcTime(next);
            }

            WriteEntries(writer);
            WriteExtensions(writer);
        }

        return writer.Encode();
    }

    private void WriteEntries(AsnWriter writer)
    {
        if (HasEmptyList || Entries.Count > 0)
        {
            using (writer.PushSequence())
            {
                foreach (var entry in Entries)
                {
                    entry.Write(writer);
                }
            }
        }
    }

    private void WriteExtensions(AsnWriter writer)
    {
        ForgedExtension?[] own =
        [
            KeyId is null ? null : Ext.AuthorityKeyId(KeyId) with { IsCritical = IsKeyIdCritical },
            Number is { } number ? CrlExt.Number(CrlExt.NumberOid, number, IsNumberCritical) : null,
            BaseNumber is { } start ? CrlExt.Number(CrlExt.DeltaOid, start, IsBaseCritical) : null,
            Scope is null ? null : new ForgedExtension(CrlExt.ScopeOid, Scope.Encode(), IsScopeCritical),
        ];
        ForgedExtension[] all = [.. own.OfType<ForgedExtension>(), .. Extensions];
        if (all.Length > 0)
        {
            writer.WriteEncodedValue(Der.Tlv(0xA0, Der.Sequence([.. all.Select(extension => extension.Encode())])));
        }
    }
}
