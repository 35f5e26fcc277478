namespace ZeroTrust.Tests;

public sealed class RejectionFamilyTests
{
    private static readonly RejectionFamily<Reason> Family = new(
        "test",
        reason => reason is Reason.KeySourceDown ? RejectionKind.Unavailable : RejectionKind.Unauthenticated);

    private enum Reason
    {
        Unspecified = 0,
        CertificateExpired = 1,
        KeySourceDown = 2,
    }

    [Fact]
    public void Code_is_the_prefix_and_the_member_in_snake_case() =>
        Assert.Equal("test.certificate_expired", Family.CodeOf(Reason.CertificateExpired));

    [Fact]
    public void Kind_follows_the_table()
    {
        Assert.Equal(RejectionKind.Unauthenticated, Family.Refuse(Reason.CertificateExpired, "why").Kind);
        Assert.Equal(RejectionKind.Unavailable, Family.Refuse(Reason.KeySourceDown, "why").Kind);
    }

    [Fact]
    public void Undeclared_value_reads_as_unspecified()
    {
        var rejection = Family.Refuse((Reason)99, "why");

        Assert.Equal("test.unspecified", rejection.Code);
        Assert.Equal(RejectionKind.Unspecified, rejection.Kind);
    }
}
