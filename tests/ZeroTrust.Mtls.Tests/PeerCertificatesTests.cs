using ZeroTrust.Mtls.Tests.Support;

namespace ZeroTrust.Mtls.Tests;

public sealed class PeerCertificatesTests
{
    private static readonly ReadOnlyMemory<byte> Small = new byte[] { 0x30, 0x00 };

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void At_most_ten_intermediates_are_taken(int count, bool accepted) =>
        Expect(PeerCertificates.Create(Small, Enumerable.Repeat(Small, count)), accepted, MtlsRejectionReason.TooLarge);

    [Theory]
    [InlineData(PeerCertificates.MaxBytes, true)]
    [InlineData(PeerCertificates.MaxBytes + 1, false)]
    public void At_most_64_kilobytes_are_taken(int bytes, bool accepted) =>
        Expect(PeerCertificates.Create(Sequence(bytes)), accepted, MtlsRejectionReason.TooLarge);

    [Theory]
    [InlineData(PeerCertificates.MaxBytes - 2, true)]
    [InlineData(PeerCertificates.MaxBytes - 1, false)]
    public void The_bytes_of_all_certificates_count_together(int bytes, bool accepted) =>
        Expect(PeerCertificates.Create(Small, [Sequence(bytes)]), accepted, MtlsRejectionReason.TooLarge);

    [Fact]
    public void The_bytes_are_copied()
    {
        var der = new byte[] { 0x30, 0x00 };
        var certificates = Check.Accepted(PeerCertificates.Create(der));
        der[0] = 0;

        Assert.Equal(0x30, certificates.LeafDer.Span[0]);
    }

    private static void Expect(Verdict<PeerCertificates> verdict, bool accepted, MtlsRejectionReason otherwise)
    {
        if (accepted)
        {
            Check.Accepted(verdict);
        }
        else
        {
            Check.Refused(verdict, otherwise);
        }
    }

    // Contents of 256 to 65 535 bytes have four bytes of tag and length.
    private static byte[] Sequence(int total)
    {
        var content = total - 4;
        return [0x30, 0x82, (byte)(content >> 8), (byte)content, .. new byte[content]];
    }
}
