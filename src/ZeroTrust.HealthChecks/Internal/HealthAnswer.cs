namespace ZeroTrust.HealthChecks.Internal;

/// <summary>The one place a question is answered from a state, for every surface alike.</summary>
internal static class HealthAnswer
{
    public static bool IsYes(this HealthQuestion question, ReadinessState state, string service) => question switch
    {
        HealthQuestion.Live => state.IsLive,
        HealthQuestion.Started => state.IsStarted,
        HealthQuestion.Serving => state.IsReadyFor(service) && !state.IsDraining,
        _ => false,
    };
}
