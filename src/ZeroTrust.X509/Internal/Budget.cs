namespace ZeroTrust.X509.Internal;

/// <summary>What is left of the limits of one verification. Every search and check of it draws on the same budget.</summary>
internal sealed class Budget(PathLimits limits)
{
    // Measured on OpenSSL 3.0: what one verification costs in verifications on P-256, rounded up.
    private const int P384Weight = 8;
    private const int P521Weight = 12;
    private const int LargeRsaWeight = 4;
    private const int LargeRsaBits = 4096;
    private const int LoadWeight = 2;

    private int _signatures = limits.MaxSignatures;
    private int _steps = limits.MaxSteps;
    private int _comparisons = limits.MaxNameComparisons;
    private int _policies = limits.MaxPolicies;

    public string? Exhausted { get; private set; }

    public bool TakeStep() => Take(ref _steps, 1, nameof(PathLimits.MaxSteps));

    public bool TakeSignature(Certificate signer) =>
        Take(ref _signatures, WeightOf(signer.Key) + (signer.Platform is null ? LoadWeight : 0), nameof(PathLimits.MaxSignatures));

    public bool TakeComparisons(int count) => Take(ref _comparisons, count, nameof(PathLimits.MaxNameComparisons));

    public bool TakePolicies(int count) => Take(ref _policies, count, nameof(PathLimits.MaxPolicies));

    private static int WeightOf(PublicKeyInfo key) => key.Kind switch
    {
        KeyKind.P384 => P384Weight,
        KeyKind.P521 => P521Weight,
        KeyKind.Rsa when key.Bits > LargeRsaBits => LargeRsaWeight,
        _ => 1,
    };

    private bool Take(ref int rest, int count, string limit)
    {
        rest -= count;
        if (rest < 0)
        {
            Exhausted ??= limit;
        }

        return Exhausted is null;
    }
}
