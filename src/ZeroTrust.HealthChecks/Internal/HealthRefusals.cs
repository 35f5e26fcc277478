namespace ZeroTrust.HealthChecks.Internal;

internal static class HealthRefusals
{
    public static readonly RejectionFamily<HealthRejectionReason> Family = new("health", reason => reason switch
    {
        HealthRejectionReason.NotReady or HealthRejectionReason.TooManyWatches or HealthRejectionReason.Draining => RejectionKind.Unavailable,
        _ => RejectionKind.Unspecified,
    });
}
