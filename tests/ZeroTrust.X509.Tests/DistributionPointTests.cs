using System.Formats.Asn1;
using ZeroTrust.X509.Internal;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class DistributionPointTests
{
    private static readonly PointForge Sound = RevocationWorld.PointAt(RevocationWorld.CrlUri);

    [Fact]
    public void A_point_is_read_with_all_its_fields()
    {
        var point = Assert.Single(Read(Sound with { Reasons = ReasonFlags.KeyCompromise | ReasonFlags.AaCompromise, CrlIssuer = "CN=CRL issuer" }));

        Assert.Equal(RevocationWorld.CrlUri, Assert.Single(point.Name!.FullNames).Text);
        Assert.Equal(ReasonFlags.KeyCompromise | ReasonFlags.AaCompromise, point.Reasons);
        Assert.Equal("CN=CRL issuer", Assert.Single(point.CrlIssuers).ToString());
    }

    [Fact]
    public void A_point_has_a_name_or_an_issuer()
    {
        Assert.Single(Read(new PointForge { CrlIssuer = "CN=CRL issuer" }));
        Assert.Throws<AsnContentException>(() => Read(new PointForge { Reasons = ReasonFlags.KeyCompromise }));
        Assert.Throws<AsnContentException>(() => Read(new PointForge()));
    }

    [Fact]
    public void There_is_at_least_one_point_and_no_endless_row_of_them()
    {
        Assert.Throws<AsnContentException>(() => Read());
        Assert.Equal(64, Read([.. Enumerable.Repeat(Sound, 64)]).Length);
        Assert.Throws<AsnContentException>(() => Read([.. Enumerable.Repeat(Sound, 65)]));
    }

    [Fact]
    public void A_crl_issuer_without_a_directory_name_is_malformed_and_not_passed_over()
    {
        var point = Der.Sequence(Der.Tlv(0xA0, PointName.Uri(RevocationWorld.CrlUri)), Der.Tlv(0xA2, Gn.Uri("http://ca.example/")));

        Assert.Throws<AsnContentException>(() => DistributionPoint.ReadAll(point));
    }

    [Fact]
    public void A_name_relative_to_the_issuer_holds_an_attribute()
    {
        Assert.Single(Read(new PointForge { Name = PointName.Relative("Part 1") }));
        Assert.Throws<AsnContentException>(() => Read(new PointForge { Name = [0xA1, 0x00] }));
        Assert.Throws<AsnContentException>(() => Read(new PointForge { Name = [0xA1, 0x02, 0x05, 0x00] }));
    }

    private static DistributionPoint[] Read(params PointForge[] points)
    {
        var reader = new DerReader(PointForge.Extension(points).RawData);
        return DistributionPoint.ReadAll(reader.Read(DerReader.Sequence));
    }
}
