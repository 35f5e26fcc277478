namespace ZeroTrust;

/// <summary>Where a component reports, at once, that a dependency of the service came or went.</summary>
public interface IReadinessSignal
{
    /// <summary>Reports the state of one dependency. Never blocks and never throws for the state reported.</summary>
    /// <param name="dependency">A short stable name, for example <c>mtls.credential</c>.</param>
    /// <param name="state">The state from now on.</param>
    /// <param name="reason">Why, for the operator; never shown to probes.</param>
    void Report(string dependency, DependencyState state, string? reason = null);
}
