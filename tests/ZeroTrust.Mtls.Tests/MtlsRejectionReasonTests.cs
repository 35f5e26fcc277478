using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls.Tests;

public sealed class MtlsRejectionReasonTests
{
    [Fact]
    public void Every_reason_has_its_own_code_and_only_defects_have_no_family()
    {
        var reasons = Enum.GetValues<MtlsRejectionReason>();

        Assert.Equal(reasons.Length, reasons.Select(MtlsRejections.Family.CodeOf).Distinct(StringComparer.Ordinal).Count());
        Assert.All(reasons, reason => Assert.StartsWith("mtls.", MtlsRejections.Family.CodeOf(reason), StringComparison.Ordinal));
        Assert.Equal(
            [MtlsRejectionReason.Unspecified, MtlsRejectionReason.VerificationFailed],
            reasons.Where(reason => MtlsRejections.Family.KindOf(reason) == RejectionKind.Unspecified));
    }
}
