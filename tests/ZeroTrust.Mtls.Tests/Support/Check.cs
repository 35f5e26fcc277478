using ZeroTrust.Mtls.Internal;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests.Support;

internal static class Check
{
    private static readonly RejectionFamily<X509RejectionReason> X509 = new("x509", _ => RejectionKind.Unauthenticated);

    public static T Accepted<T>(Verdict<T> verdict)
        where T : class
    {
        Assert.True(verdict.IsAccepted, verdict.ToString());
        return verdict.Value;
    }

    public static Rejection Refused<T>(Verdict<T> verdict, MtlsRejectionReason reason)
        where T : class => Refused(verdict, MtlsRejections.Family.CodeOf(reason));

    public static Rejection Refused<T>(Verdict<T> verdict, X509RejectionReason reason)
        where T : class => Refused(verdict, X509.CodeOf(reason));

    private static Rejection Refused<T>(Verdict<T> verdict, string code)
        where T : class
    {
        Assert.False(verdict.IsAccepted, "accepted");
        Assert.True(code == verdict.Rejection.Code, verdict.ToString());
        return verdict.Rejection;
    }
}
