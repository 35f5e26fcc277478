using System.Security.Cryptography;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Sources;

/// <summary>One that is denied: a workload, a leaf, or a serial number of an issuer.</summary>
internal sealed record DenyListEntry(WorkloadId Workload = default, string? Leaf = null, Certificate? Issuer = null, ReadOnlyMemory<byte> Serial = default)
{
    /// <summary>What two lines have in common that deny the same.</summary>
    public string Key => this switch
    {
        { Leaf: { } leaf } => $"leaf {leaf}",
        { Issuer: { } issuer } => $"serial {Convert.ToHexString(Serial.Span.TrimStart((byte)0))} {Convert.ToHexString(SHA256.HashData(issuer.Der.Span))}",
        _ => $"workload {Workload}",
    };
}
