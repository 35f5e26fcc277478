namespace ZeroTrust.Mtls.Tests.Support;

internal static class Check
{
    public static T Accepted<T>(Verdict<T> verdict)
        where T : class
    {
        Assert.True(verdict.IsAccepted, verdict.ToString());
        return verdict.Value;
    }

    public static Rejection Refused<T>(Verdict<T> verdict, MtlsRejectionReason reason)
        where T : class
    {
        Assert.False(verdict.IsAccepted, "accepted");
        Assert.True(Internal.MtlsRejections.Family.CodeOf(reason) == verdict.Rejection.Code, verdict.ToString());
        return verdict.Rejection;
    }
}
