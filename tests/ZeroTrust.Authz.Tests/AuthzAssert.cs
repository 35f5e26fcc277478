namespace ZeroTrust.Authz.Tests;

internal static class AuthzAssert
{
    internal static void Refused<T>(AuthzRejectionReason reason, Verdict<T> verdict)
        where T : class => Refused(AuthzRejections.Refuse(reason, string.Empty).Code, verdict);

    internal static void Refused<T>(string code, Verdict<T> verdict)
        where T : class
    {
        Assert.False(verdict.IsAccepted, "accepted");
        Assert.True(code == verdict.Rejection.Code, $"expected {code}, got {verdict.Rejection}");
    }

    internal static T Accepted<T>(Verdict<T> verdict)
        where T : class
    {
        Assert.True(verdict.IsAccepted, verdict.ToString());
        return verdict.Value;
    }
}
