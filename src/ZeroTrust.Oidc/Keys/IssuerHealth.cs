namespace ZeroTrust.Oidc.Keys;

/// <summary>Tells readiness how each issuer's keys are: without any, every user's token would be refused.</summary>
internal sealed class IssuerHealth(IEnumerable<IReadinessSignal> signals)
{
    private const string Dependency = "oidc.keys.";

    private readonly IReadinessSignal[] _signals = [.. signals];

    public void Report(string issuer, IssuerKeyRing ring)
    {
        var (state, reason) = ring.Health;
        foreach (var signal in _signals)
        {
            signal.Report(Dependency + issuer, state, reason);
        }
    }
}
