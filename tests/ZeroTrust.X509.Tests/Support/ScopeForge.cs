using ZeroTrust.X509.Internal;

namespace ZeroTrust.X509.Tests.Support;

/// <summary>Makes an issuingDistributionPoint.</summary>
internal sealed record ScopeForge
{
    internal byte[]? Name { get; init; }

    internal bool OnlyUser { get; init; }

    internal bool OnlyCa { get; init; }

    internal ReasonFlags? OnlySomeReasons { get; init; }

    internal bool IsIndirect { get; init; }

    internal bool OnlyAttribute { get; init; }

    internal byte[] Encode() => Der.Sequence(
        Name is null ? [] : Der.Tlv(0xA0, Name),
        Flag(0x81, OnlyUser),
        Flag(0x82, OnlyCa),
        PointName.Reasons(3, OnlySomeReasons),
        Flag(0x84, IsIndirect),
        Flag(0x85, OnlyAttribute));

    private static byte[] Flag(byte tag, bool flag) => flag ? Der.Tlv(tag, [0xFF]) : [];
}
