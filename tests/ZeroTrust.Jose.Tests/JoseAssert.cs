namespace ZeroTrust.Jose.Tests;

internal static class JoseAssert
{
    private static readonly RejectionFamily<JoseRejectionReason> Codes = new("jose", _ => RejectionKind.Unauthenticated);

    internal static void Refused<T>(JoseRejectionReason reason, Verdict<T> verdict)
        where T : class
    {
        Assert.False(verdict.IsAccepted);
        Assert.Equal(Codes.CodeOf(reason), verdict.Rejection.Code);
        Assert.Equal(RejectionKind.Unauthenticated, verdict.Rejection.Kind);
    }

    internal static T Accepted<T>(Verdict<T> verdict)
        where T : class
    {
        Assert.True(verdict.IsAccepted, verdict.ToString());
        return verdict.Value;
    }
}
