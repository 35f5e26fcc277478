namespace ZeroTrust.Mtls.Internal;

internal static class MtlsRejections
{
    public static readonly RejectionFamily<MtlsRejectionReason> Family = new("mtls", KindOf);

    public static Rejection Refuse(
        MtlsRejectionReason reason,
        string detail,
        string? expected = null,
        string? presented = null,
        DateTimeOffset? at = null) =>
        new(Family.CodeOf(reason), detail, Family.KindOf(reason)) { Expected = expected, Presented = presented, At = at };

    private static RejectionKind KindOf(MtlsRejectionReason reason) => reason switch
    {
        MtlsRejectionReason.Unspecified or MtlsRejectionReason.VerificationFailed => RejectionKind.Unspecified,
        MtlsRejectionReason.PeerNotListed or MtlsRejectionReason.WorkloadDenied => RejectionKind.Forbidden,
        MtlsRejectionReason.TrustStale or MtlsRejectionReason.CredentialStale or MtlsRejectionReason.CredentialExpired
            or MtlsRejectionReason.ClosedAfterHandshake => RejectionKind.Unavailable,
        MtlsRejectionReason.TooLarge => RejectionKind.Malformed,
        _ => RejectionKind.Unauthenticated,
    };
}
