namespace ZeroTrust.HealthChecks.Internal;

internal static class ReadinessStateExtensions
{
    /// <summary>What keeps the service from being ready, for the operator's log.</summary>
    public static string Unusable(this ReadinessState state)
    {
        var names = state.Dependencies.Where(d => d.IsCritical && !d.IsUsable).Select(d => d.IsStale ? d.Name + " (stale)" : d.Name);
        var text = string.Join(", ", names);
        return text.Length > 0 ? text : "the host";
    }
}
