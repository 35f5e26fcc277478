using ZeroTrust.Shared;

namespace ZeroTrust.Oidc.Keys;

/// <summary>Reports to readiness how each issuer's keys are: without any, every user's token would be refused.</summary>
internal sealed class IssuerHealth(ReadinessReporter readiness)
{
    private const string Dependency = "oidc.keys.";

    /// <param name="issuer">The issuer.</param>
    /// <param name="ring">Its keys.</param>
    /// <param name="isHeartbeat">Whether the same state is reported again.</param>
    public void Report(string issuer, IssuerKeyRing ring, bool isHeartbeat)
    {
        var (state, reason) = ring.Health;
        readiness.Report(Dependency + issuer, state, reason, isHeartbeat);
    }
}
