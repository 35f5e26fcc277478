using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

/// <summary>
/// A name that cannot be read is neither inside nor outside of a subtree: it refuses the path where its kind is constrained, and nowhere
/// else.
/// </summary>
public sealed class UnreadableNameTests
{
    private const string SmtpUtf8Mailbox = "1.3.6.1.5.5.7.8.9";

    private static readonly byte[] NoText = Der.Sequence(Dn.Rdn(Der.Sequence(Der.Oid(Dn.Organization), Der.Tlv(Dn.Utf8, [0xFF, 0xFE]))));

    [Theory]
    [InlineData("a@b@example.com")]
    [InlineData("@example.com")]
    [InlineData("ops@example_com")]
    [InlineData("a..b@example.com")]
    [InlineData(".a@example.com")]
    [InlineData("a.@example.com")]
    [InlineData("\"a\"@example.com")]
    [InlineData("a,b@example.com")]
    [InlineData("example.com")]
    public void A_mailbox(string mailbox) => Judge(GeneralNameKind.Email, Gn.Email(mailbox), Gn.Email("example.com"), Gn.Email("other.example"));

    [Theory]
    [InlineData("a_b.example.com")]
    [InlineData("example.com.")]
    [InlineData("*")]
    [InlineData("a.*.example.com")]
    [InlineData("*a.example.com")]
    [InlineData(".example.com")]
    public void A_DNS_name(string name) =>
        Judge(GeneralNameKind.Dns, Gn.Dns(name), Gn.Dns("example.com"), Gn.Dns("other.example"), Gn.Uri("spiffe://example.com/a"));

    [Theory]
    [InlineData("urn:example.com")]
    [InlineData("https://192.0.2.1/")]
    [InlineData("https://[2001:db8::1]/")]
    [InlineData("https://a_b.example.com/")]
    [InlineData("https:///example.com")]
    [InlineData("https://example.com\\@evil.example/")]
    public void A_URI(string uri) => Judge(GeneralNameKind.Uri, Gn.Uri(uri), Gn.Uri("example.com"), Gn.Uri("other.example"));

    /// <summary>Of an impossible length: at a leaf it refuses in any case, at a CA where addresses are constrained.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(32)]
    public void An_address(int octets)
    {
        var name = Gn.Ip(new byte[octets]);
        foreach (var constraints in new[] { Ext.Permitted(Gn.Network("0.0.0.0", "0.0.0.0")), Ext.Excluded(Gn.Network("192.0.2.0", "255.255.255.0")) })
        {
            AtCa(name, constraints).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
            Trial.Of(leaf => leaf.With(Ext.SubjectAltName(name)), root: root => root.With(constraints)).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        }

        AtCa(name, Ext.Permitted(Gn.Dns("example.com"))).ShouldPass();

        static Trial AtCa(byte[] name, ForgedExtension constraints) =>
            Trial.Of(ca: ca => ca.With(Ext.SubjectAltName(name)), root: root => root.With(constraints));
    }

    [Fact]
    public void A_directory_name() =>
        Judge(GeneralNameKind.Directory, Gn.Directory(NoText), Gn.Directory(Dn.Empty), Gn.Directory(Dn.Of((Dn.Organization, "Evil"))));

    [Fact]
    public void A_subject()
    {
        Under(Ext.Excluded(Gn.Directory(Dn.Of((Dn.Organization, "Evil"))))).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Under(Ext.Permitted(Gn.Directory(Dn.Empty))).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Under(Ext.Permitted(Gn.Dns("example.com"))).ShouldPass();

        static Trial Under(ForgedExtension constraints) => Trial.Of(leaf => leaf.Subject(NoText), ca => ca.With(constraints));
    }

    /// <summary>An attack: a mailbox that does not decode was passed over.</summary>
    [Fact]
    public void A_mailbox_in_the_subject()
    {
        var subject = Der.Sequence(Dn.Rdn(Der.Sequence(Der.Oid(Dn.EmailAddress), Der.Tlv(Dn.Ia5, [.. "ops@evil.example"u8, 0xFF]))));

        Under(Ext.Permitted(Gn.Email("example.com"))).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Under(Ext.Excluded(Gn.Email("evil.example"))).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Under(Ext.Permitted(Gn.Dns("example.com"))).ShouldPass();

        Trial Under(ForgedExtension constraints) => Trial.Of(leaf => leaf.Subject(subject), ca => ca.With(constraints));
    }

    /// <summary>RFC 9598 section 6: constraints on mailboxes hold for those with an international local part, too.</summary>
    [Theory]
    [InlineData("ö@example.com", true)]
    [InlineData("ö@EXAMPLE.com", true)]
    [InlineData("ö@evil.example", false)]
    [InlineData("ö@example.com@evil.example", false)]
    [InlineData("ö@ü.example.com", false)]
    [InlineData("ops@example.com", false)]
    [InlineData("ö", false)]
    public void An_international_mailbox_is_held_to_its_host(string mailbox, bool isInside)
    {
        var name = International(Der.Text(Dn.Utf8, mailbox));

        Decide(Under(Ext.Permitted(Gn.Email("example.com")), name), isInside);
        Under(Ext.Excluded(Gn.Email("example.com"), Gn.Email("evil.example")), name).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Under(Ext.Permitted(Gn.Email("ops@example.com")), name).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Under(Ext.Permitted(Gn.Dns("example.com")), name).ShouldPass();
    }

    [Fact]
    public void An_international_mailbox_that_is_none_or_an_other_name_is_refused_where_its_kind_is_constrained()
    {
        var noText = International(Der.Tlv(Dn.Utf8, [0xFF]));

        Under(Ext.Excluded(Gn.Email("evil.example")), noText).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Under(Ext.Excluded(Gn.Email("evil.example")), International(Der.Integer(1))).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Under(Ext.Excluded(Gn.Email("evil.example")), Gn.Other).ShouldPass();
        Under(Ext.Excluded(Gn.Other), noText).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Under(Ext.Excluded(Gn.Other), Gn.Other).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Under(Ext.Excluded(Gn.RegisteredId), Gn.Other).ShouldPass();
        Under(Ext.Permitted(Gn.Dns("example.com")), noText).ShouldPass();
    }

    /// <summary>
    /// No rule says what lies below a base of these kinds: any name of the kind is refused, well formed or not, and no name of another.
    /// </summary>
    [Theory]
    [InlineData(0xA0, new byte[] { 0x06, 0x02, 0x2A, 0x03, 0xA0, 0x02, 0x05, 0x00 })]
    [InlineData(0xA0, new byte[] { 0xFF })]
    [InlineData(0xA3, new byte[] { 0x30, 0x00 })]
    [InlineData(0xA3, new byte[] { 0xFF })]
    [InlineData(0xA5, new byte[] { 0xA1, 0x03, 0x0C, 0x01, 0x41 })]
    [InlineData(0xA5, new byte[] { 0xFF })]
    [InlineData(0x88, new byte[] { 0x2A, 0x03 })]
    public void Another_kind(byte tag, byte[] content)
    {
        var name = Der.Tlv(tag, content);
        var ofKind = tag switch
        {
            0xA0 => Gn.Other,
            0xA3 => Der.Tlv(0xA3, Der.Sequence()),
            0xA5 => Der.Tlv(0xA5, Der.Tlv(0xA1, Der.Text(Dn.Utf8, "A"))),
            _ => Gn.RegisteredId,
        };

        Under(Ext.Permitted(ofKind), name).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Under(Ext.Excluded(ofKind), name).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Under(Ext.Permitted(Gn.Dns("example.com")), name).ShouldPass();
        Under(Ext.Excluded(Gn.Dns("example.com")), name, Gn.Uri("spiffe://example.com/a")).ShouldPass();
        Under(Ext.Permitted(ofKind), Gn.Uri("spiffe://example.com/a")).ShouldPass();
    }

    /// <summary>Its encoding is wrong, and not what it means: such an extension is refused in any case.</summary>
    [Theory]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 0x2A, 0x80, 0x01 })]
    [InlineData(new byte[] { 0x2A, 0x83 })]
    [InlineData(new byte[0])]
    public void A_registered_id_that_is_no_identifier(byte[] content) =>
        CertificateForge.Leaf().With(Ext.SubjectAltName(Der.Tlv(0x88, content))).SelfSigned().ShouldBeMalformed();

    private static void Judge(GeneralNameKind kind, byte[] name, byte[] permitted, byte[] excluded, params byte[][] beside)
    {
        var free = kind == GeneralNameKind.Dns ? Ext.Permitted(Gn.Uri("example.com")) : Ext.Permitted(Gn.Dns("example.com"));
        foreach (var constraints in new[] { Ext.Permitted(permitted), Ext.Excluded(excluded), Ext.Permitted(permitted).NotCritical })
        {
            var rejection = Under(constraints, [name, .. beside]).ShouldRefuse(X509RejectionReason.NameConstraintViolated);

            Assert.Contains("cannot be read as one", rejection.Detail, StringComparison.Ordinal);
            Assert.Contains("RFC 5280 section 4.2.1.10", rejection.Detail, StringComparison.Ordinal);
        }

        Under(free, [name, .. beside]).ShouldPass();
    }

    private static Trial Under(ForgedExtension constraints, params byte[][] names) =>
        Trial.Of(leaf => leaf.Subject(Dn.Empty).With(Ext.SubjectAltName(names)), ca => ca.With(constraints));

    private static byte[] International(byte[] value) => Der.Tlv(0xA0, Der.Oid(SmtpUtf8Mailbox), Der.Tlv(0xA0, value));

    private static void Decide(Trial trial, bool isAccepted)
    {
        if (isAccepted)
        {
            trial.ShouldPass();
        }
        else
        {
            trial.ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        }
    }
}
