namespace ZeroTrust.X509.Tests.Support;

internal static class ReadAssert
{
    private static readonly RejectionFamily<X509RejectionReason> Codes = new("x509", _ => RejectionKind.Unauthenticated);

    public static void ShouldBeMalformed(this ForgedCertificate certificate) => certificate.Der.ShouldBeMalformed();

    public static void ShouldBeMalformed(this byte[] der)
    {
        var verdict = Certificate.Read(der);
        Assert.False(verdict.IsAccepted, "read");
        Assert.Equal(Codes.CodeOf(X509RejectionReason.Malformed), verdict.Rejection.Code);
    }

    public static Certificate ShouldRead(this ForgedCertificate certificate) => certificate.Der.ShouldRead();

    public static Certificate ShouldRead(this byte[] der)
    {
        var verdict = Certificate.Read(der);
        Assert.True(verdict.IsAccepted, verdict.ToString());
        return verdict.Value;
    }
}
