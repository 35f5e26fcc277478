using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

/// <summary>Each malformed extension beside the sound one nearest to it.</summary>
public sealed class ExtensionReaderTests
{
    private const string BasicConstraints = "2.5.29.19";
    private const string KeyUsage = "2.5.29.15";
    private const string ExtendedKeyUsage = "2.5.29.37";
    private const string SubjectAltName = "2.5.29.17";
    private const string AuthorityKeyId = "2.5.29.35";
    private const string SubjectKeyId = "2.5.29.14";
    private const string NameConstraints = "2.5.29.30";
    private const string Policies = "2.5.29.32";
    private const string PolicyMappings = "2.5.29.33";
    private const string PolicyConstraints = "2.5.29.36";
    private const string InhibitAnyPolicy = "2.5.29.54";
    private const string AuthorityInfoAccess = "1.3.6.1.5.5.7.1.1";

    [Theory]
    [InlineData("cA FALSE is the default", BasicConstraints, "3003010100", "3000")]
    [InlineData("TRUE is FF", BasicConstraints, "3003010101", "30030101FF")]
    [InlineData("negative path length", BasicConstraints, "30060101FF0201FF", "30060101FF020100")]
    [InlineData("path length with padding", BasicConstraints, "30070101FF02020001", "30060101FF020101")]
    [InlineData("path length without octets", BasicConstraints, "30050101FF0200", "30060101FF020100")]
    [InlineData("path length on what is no CA", BasicConstraints, "3003020100", "3000")]
    [InlineData("data inside", BasicConstraints, "30050101FF0500", "30030101FF")]
    [InlineData("data behind", BasicConstraints, "30030101FF0500", "30030101FF")]
    [InlineData("indefinite length", BasicConstraints, "30800101FF0000", "30030101FF")]
    [InlineData("length with padding", BasicConstraints, "3081030101FF", "30030101FF")]
    [InlineData("primitive SEQUENCE", BasicConstraints, "10030101FF", "30030101FF")]
    [InlineData("empty", BasicConstraints, "", "3000")]
    [InlineData("no bits", KeyUsage, "030100", "03020780")]
    [InlineData("zero bits at the end", KeyUsage, "03020080", "03020780")]
    [InlineData("unused bits that are set", KeyUsage, "03020781", "03020780")]
    [InlineData("more than 7 unused bits", KeyUsage, "03020880", "03020780")]
    [InlineData("unused bits of nothing", KeyUsage, "030107", "03020780")]
    [InlineData("no octets", KeyUsage, "0300", "03020780")]
    [InlineData("three octets of bits", KeyUsage, "030400000001", "0303070080")]
    [InlineData("octets instead of bits", KeyUsage, "04020780", "03020780")]
    [InlineData("data behind", KeyUsage, "0302078000", "03020780")]
    [InlineData("no purpose", ExtendedKeyUsage, "3000", "300406022A03")]
    [InlineData("identifier without end", ExtendedKeyUsage, "300406022A83", "300406022A03")]
    [InlineData("identifier with padding", ExtendedKeyUsage, "300506032A8003", "300406022A03")]
    [InlineData("identifier without octets", ExtendedKeyUsage, "30020600", "300406022A03")]
    [InlineData("no name", SubjectAltName, "3000", "3003820161")]
    [InlineData("name that is not ASCII", SubjectAltName, "30038201E4", "3003820161")]
    [InlineData("constructed text", SubjectAltName, "3003A20161", "3003820161")]
    [InlineData("unknown kind of name", SubjectAltName, "3003890161", "3003820161")]
    [InlineData("name of no context", SubjectAltName, "3003020161", "3003820161")]
    [InlineData("primitive directory name", SubjectAltName, "300484023000", "3004A4023000")]
    [InlineData("data after the directory name", SubjectAltName, "3006A40430000500", "3004A4023000")]
    [InlineData("registered id with padding", SubjectAltName, "300488028001", "300488022A01")]
    [InlineData("primitive other name", SubjectAltName, "3003800161", "3006A00406022A03")]
    [InlineData("unknown field", AuthorityKeyId, "3003830101", "3003800101")]
    [InlineData("fields out of order", AuthorityKeyId, "3006820101800101", "3006800101820101")]
    [InlineData("data behind", AuthorityKeyId, "300380010100", "3003800101")]
    [InlineData("no octets", SubjectKeyId, "020101", "040101")]
    [InlineData("data behind", SubjectKeyId, "04010100", "040101")]
    [InlineData("no permitted subtree", NameConstraints, "3002A000", "3007A0053003820161")]
    [InlineData("no excluded subtree", NameConstraints, "3002A100", "3007A1053003820161")]
    [InlineData("excluded before permitted", NameConstraints, "300EA1053003820161A0053003820161", "300EA0053003820161A1053003820161")]
    [InlineData("subtree without a base", NameConstraints, "3004A0023000", "3007A0053003820161")]
    [InlineData("no policy", Policies, "3000", "3006300406022A03")]
    [InlineData("repeated policy", Policies, "300C300406022A03300406022A03", "300C300406022A03300406022A04")]
    [InlineData("qualifiers that are no sequence", Policies, "3008300606022A030500", "3008300606022A033000")]
    [InlineData("data after the qualifiers", Policies, "300A300806022A0330000500", "3008300606022A033000")]
    [InlineData("no mapping", PolicyMappings, "3000", "300A300806022A0306022A04")]
    [InlineData("half a mapping", PolicyMappings, "3006300406022A03", "300A300806022A0306022A04")]
    [InlineData("mapping of three", PolicyMappings, "300E300C06022A0306022A0406022A05", "300A300806022A0306022A04")]
    [InlineData("nothing constrained", PolicyConstraints, "3000", "3003800100")]
    [InlineData("negative count", PolicyConstraints, "30038001FF", "3003800100")]
    [InlineData("counts out of order", PolicyConstraints, "3006810100800100", "3006800100810100")]
    [InlineData("negative count", InhibitAnyPolicy, "0201FF", "020100")]
    [InlineData("count with padding", InhibitAnyPolicy, "02020001", "020101")]
    [InlineData("data behind", InhibitAnyPolicy, "0201000500", "020100")]
    [InlineData("no description", AuthorityInfoAccess, "3000", "3009300706022A03860161")]
    [InlineData("description without a place", AuthorityInfoAccess, "3006300406022A03", "3009300706022A03860161")]
    public void Malformed_extensions_are_told_from_sound_ones(string defect, string oid, string malformed, string sound)
    {
        Assert.False(Certificate.Read(With(malformed).Der).IsAccepted, defect);
        With(malformed).ShouldBeMalformed();
        With(sound).ShouldRead();

        ForgedCertificate With(string value) => CertificateForge.Leaf().With(new ForgedExtension(oid, Convert.FromHexString(value))).SelfSigned();
    }

    [Theory]
    [InlineData("30080101FF02047FFFFFFF")]
    [InlineData("300C0101FF020800FFFFFFFFFFFFFF")]
    public void Path_lengths_beyond_counting_allow_every_path(string hex)
    {
        var trial = Trial.Of(ca: ca => ca.With(new ForgedExtension(BasicConstraints, Fit(hex), IsCritical: true)));

        trial.ShouldPass();
    }

    /// <summary>The outer length is that of what follows.</summary>
    private static byte[] Fit(string hex) => Der.Sequence(Convert.FromHexString(hex)[2..]);
}
