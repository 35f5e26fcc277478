using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Tool.Tests.Agreement;

/// <summary>A certificate before it is signed: a good leaf, which a case spoils.</summary>
internal sealed class Draft
{
    private const string Names = "2.5.29.17";
    private const string Usage = "2.5.29.15";
    private const string Purposes = "2.5.29.37";
    private const string Constraints = "2.5.29.19";

    public string Subject { get; set; } = "CN=leaf";

    public AsymmetricAlgorithm Key { get; set; } = Keys.P256;

    public DateTimeOffset NotBefore { get; set; } = TimeProvider.System.GetUtcNow().AddMinutes(-30);

    public DateTimeOffset NotAfter { get; set; } = TimeProvider.System.GetUtcNow().AddHours(6);

    public byte[]? Serial { get; set; }

    /// <summary>How it is signed; null for how the issuer signs.</summary>
    public Func<AsymmetricAlgorithm, X509SignatureGenerator>? Generator { get; set; }

    /// <summary>What becomes of the bytes that were signed.</summary>
    public Func<byte[], byte[]>? Spoil { get; set; }

    public Dictionary<string, X509Extension> Extensions { get; } = new(StringComparer.Ordinal);

    public static Draft Leaf(string spiffeId)
    {
        var draft = new Draft();
        draft.SetConstraints(isCa: false, pathLength: null);
        draft.SetUsage(X509KeyUsageFlags.DigitalSignature);
        draft.SetPurposes("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        draft.SetNames(false, (6, spiffeId));
        return draft;
    }

    public static Draft Authority(string name, int? pathLength = null)
    {
        var draft = new Draft { Subject = "CN=" + name, NotBefore = TimeProvider.System.GetUtcNow().AddDays(-10), NotAfter = TimeProvider.System.GetUtcNow().AddDays(300) };
        draft.SetConstraints(isCa: true, pathLength);
        draft.SetUsage(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign);
        return draft;
    }

    public void Remove(string oid) => Extensions.Remove(oid);

    public void RemoveNames() => Remove(Names);

    public void RemoveUsage() => Remove(Usage);

    public void RemovePurposes() => Remove(Purposes);

    public void RemoveConstraints() => Remove(Constraints);

    public void SetConstraints(bool isCa, int? pathLength, bool critical = true) =>
        Set(new X509BasicConstraintsExtension(isCa, pathLength.HasValue, pathLength ?? 0, critical));

    public void SetUsage(X509KeyUsageFlags usage, bool critical = true) => Set(new X509KeyUsageExtension(usage, critical));

    public void SetPurposes(params string[] oids)
    {
        var purposes = new OidCollection();
        Array.ForEach(oids, oid => purposes.Add(new Oid(oid)));
        Set(new X509EnhancedKeyUsageExtension(purposes, critical: false));
    }

    /// <param name="critical">Whether the extension is.</param>
    /// <param name="names">Tag and text of each: 1 mailbox, 2 DNS, 6 URI, 7 address.</param>
    public void SetNames(bool critical, params (int Tag, string Text)[] names)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var (tag, text) in names)
            {
                Write(writer, tag, text);
            }
        }

        SetRaw(Names, critical, writer.Encode());
    }

    /// <param name="excluded">Whether the names are excluded rather than permitted.</param>
    /// <param name="tag">The kind of name.</param>
    /// <param name="bases">The subtrees.</param>
    public void ConstrainNames(bool excluded, int tag, params string[] bases)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, excluded ? 1 : 0)))
        {
            foreach (var subtree in bases)
            {
                using (writer.PushSequence())
                {
                    Write(writer, tag, subtree);
                }
            }
        }

        SetRaw("2.5.29.30", critical: true, writer.Encode());
    }

    public void SetRaw(string oid, bool critical, byte[] content) => Extensions[oid] = new X509Extension(oid, content, critical);

    private void Set(X509Extension extension) => Extensions[extension.Oid!.Value!] = extension;

    private static void Write(AsnWriter writer, int tag, string text)
    {
        var asn = new Asn1Tag(TagClass.ContextSpecific, tag);
        if (tag == 7)
        {
            writer.WriteOctetString(IPAddress.Parse(text).GetAddressBytes(), asn);
        }
        else
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, text, asn);
        }
    }
}
