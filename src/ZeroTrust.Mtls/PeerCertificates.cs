using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>The certificates a peer sent, as bytes: the leaf and its intermediates in any order. Nothing about them is proved yet.</summary>
/// <remarks>They are kept with a verified connection, since a resumed session or a later check cannot get the intermediates back from the platform.</remarks>
public sealed class PeerCertificates
{
    /// <summary>The most bytes all certificates of a peer may have together.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The most certificates a peer may send beside its leaf. A path uses fewer; authorities that have signed each other are sent along unused.</summary>
    public const int MaxIntermediates = 10;

    private PeerCertificates(byte[] leaf, byte[][] intermediates)
    {
        LeafDer = leaf;
        IntermediatesDer = [.. intermediates.Select(der => new ReadOnlyMemory<byte>(der))];
        LeafSha256 = Convert.ToHexStringLower(SHA256.HashData(leaf));
    }

    /// <summary>The leaf, DER.</summary>
    public ReadOnlyMemory<byte> LeafDer { get; }

    /// <summary>The other certificates, DER.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> IntermediatesDer { get; }

    /// <summary>SHA-256 of the leaf, 64 lower-case hexadecimal digits.</summary>
    public string LeafSha256 { get; }

    /// <summary>Takes certificates as bytes, for example from a token.</summary>
    /// <param name="leaf">The leaf, DER; copied.</param>
    /// <param name="intermediates">The other certificates, DER; copied.</param>
    /// <returns>The certificates, or <c>mtls.too_large</c>. Whether they are certificates at all is told by the verification.</returns>
    public static Verdict<PeerCertificates> Create(ReadOnlyMemory<byte> leaf, IEnumerable<ReadOnlyMemory<byte>>? intermediates = null)
    {
        var bytes = leaf.Length;
        var extra = new List<byte[]>();
        if (bytes > MaxBytes)
        {
            return MtlsRejections.Refuse(MtlsRejectionReason.TooLarge, $"The certificates exceed {MaxBytes} bytes.");
        }

        foreach (var der in intermediates ?? [])
        {
            bytes += der.Length;
            if (bytes > MaxBytes || extra.Count == MaxIntermediates)
            {
                return MtlsRejections.Refuse(MtlsRejectionReason.TooLarge, $"The certificates exceed {MaxBytes} bytes or {MaxIntermediates} intermediates.");
            }

            extra.Add(der.ToArray());
        }

        return new PeerCertificates(leaf.ToArray(), [.. extra]);
    }

    /// <summary>Takes certificates the platform has parsed.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="intermediates">The other certificates; the leaf among them is passed over.</param>
    /// <returns>The certificates, or <c>mtls.too_large</c>.</returns>
    public static Verdict<PeerCertificates> From(X509Certificate leaf, X509Certificate2Collection? intermediates = null)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        var der = leaf.GetRawCertData();
        return Create(der, (intermediates ?? []).Select(item => item.RawDataMemory).Where(item => !item.Span.SequenceEqual(der)));
    }

    internal bool HasSameIntermediates(PeerCertificates other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (IntermediatesDer.Count != other.IntermediatesDer.Count)
        {
            return false;
        }

        for (var i = 0; i < IntermediatesDer.Count; i++)
        {
            if (!IntermediatesDer[i].Span.SequenceEqual(other.IntermediatesDer[i].Span))
            {
                return false;
            }
        }

        return true;
    }
}
