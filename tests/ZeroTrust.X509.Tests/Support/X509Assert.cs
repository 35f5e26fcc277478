namespace ZeroTrust.X509.Tests.Support;

internal static class X509Assert
{
    private static readonly RejectionFamily<X509RejectionReason> Codes = new("x509", _ => RejectionKind.Unauthenticated);

    internal static T Accepted<T>(Verdict<T> verdict)
        where T : class
    {
        Assert.True(verdict.IsAccepted, verdict.ToString());
        return verdict.Value;
    }

    internal static Rejection Refused<T>(X509RejectionReason reason, Verdict<T> verdict)
        where T : class
    {
        Assert.False(verdict.IsAccepted);
        return Refused(reason, verdict.Rejection);
    }

    internal static Rejection Refused(X509RejectionReason reason, Rejection? rejection)
    {
        Assert.NotNull(rejection);
        Assert.Equal(Codes.CodeOf(reason), rejection.Code);
        return rejection;
    }
}
