using System.Collections.Frozen;

namespace ZeroTrust.X509;

/// <summary>Certificates and workloads that are refused from now on, whatever else speaks for them. Immutable.</summary>
/// <remarks>For the hour in which a CRL would come too late. It holds for open connections as soon as they are judged again.</remarks>
public sealed class DenyList
{
    private readonly FrozenSet<string> _serials;
    private readonly FrozenSet<string> _leaves;
    private readonly FrozenSet<WorkloadId> _workloads;

    /// <summary>Creates a list.</summary>
    /// <param name="serials">Certificates by their issuer and serial number, wherever in a path they stand but as its anchor, which the operator takes out of the set instead.</param>
    /// <param name="leaves">Leaves by the SHA-256 of their encoding, 64 hexadecimal digits.</param>
    /// <param name="workloads">Workloads, whatever certificate they present.</param>
    /// <exception cref="ArgumentException">A hash is not 64 hexadecimal digits, or a workload is <c>default</c>.</exception>
    public DenyList(
        IEnumerable<(Certificate Issuer, ReadOnlyMemory<byte> Serial)>? serials = null,
        IEnumerable<string>? leaves = null,
        IEnumerable<WorkloadId>? workloads = null)
    {
        _serials = (serials ?? []).Select(item => KeyOf(item.Issuer.Subject, item.Serial.Span)).ToFrozenSet(StringComparer.Ordinal);
        _leaves = (leaves ?? []).Select(CheckHash).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _workloads = (workloads ?? []).ToFrozenSet();
        if (_workloads.Contains(default))
        {
            throw new ArgumentException("A workload is default.", nameof(workloads));
        }
    }

    /// <summary>The list that denies nobody.</summary>
    public static DenyList Empty { get; } = new();

    /// <summary>Whether the list names nobody.</summary>
    public bool IsEmpty => _serials.Count + _leaves.Count + _workloads.Count == 0;

    /// <summary>Whether the workload is denied.</summary>
    /// <param name="workload">The workload a leaf names.</param>
    public bool Denies(WorkloadId workload) => _workloads.Contains(workload);

    internal bool DeniesLeaf(Certificate leaf) => _leaves.Count > 0 && _leaves.Contains(Convert.ToHexString(leaf.Sha256.Span));

    internal bool DeniesSerial(Certificate certificate) =>
        _serials.Count > 0 && _serials.Contains(KeyOf(certificate.Issuer, certificate.Serial.Span));

    /// <summary>Without leading zeros: DER puts one before a high bit that tools do not print, and a serial number must not slip through for that.</summary>
    private static string KeyOf(Internal.DistinguishedName issuer, ReadOnlySpan<byte> serial) =>
        $"{issuer.CanonicalText}#{Convert.ToHexString(serial.TrimStart((byte)0))}";

    private static string CheckHash(string hash) =>
        hash is { Length: 64 } && hash.All(char.IsAsciiHexDigit) ? hash : throw new ArgumentException($"'{hash}' is not a SHA-256 of 64 hexadecimal digits.", nameof(hash));
}
