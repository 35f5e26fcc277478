using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509.Internal;

namespace ZeroTrust.X509.Tests.Support;

/// <summary>Makes a DistributionPoint of cRLDistributionPoints.</summary>
internal sealed record PointForge
{
    internal byte[]? Name { get; init; }

    internal ReasonFlags? Reasons { get; init; }

    internal string? CrlIssuer { get; init; }

    internal static X509Extension Extension(params PointForge[] points) =>
        new("2.5.29.31", Der.Sequence([.. points.Select(point => point.Encode())]), critical: false);

    internal byte[] Encode() => Der.Sequence(
        Name is null ? [] : Der.Tlv(0xA0, Name),
        PointName.Reasons(1, Reasons),
        CrlIssuer is null ? [] : Der.Tlv(0xA2, Gn.Directory(new X500DistinguishedName(CrlIssuer).RawData)));
}
