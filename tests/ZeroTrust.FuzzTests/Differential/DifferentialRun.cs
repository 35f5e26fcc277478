using ZeroTrust.FuzzTests.Chains;
using ZeroTrust.FuzzTests.Mutation;
using ZeroTrust.FuzzTests.Pki;

namespace ZeroTrust.FuzzTests.Differential;

/// <summary>Judges many chains with both validators. The same seed draws the same chains, but for keys and signatures.</summary>
internal static class DifferentialRun
{
    private const int Workers = 2;
    private const int ProgressEvery = 5_000;

    /// <param name="seed">What the chains are drawn with.</param>
    /// <param name="chains">Which of them are judged.</param>
    /// <param name="tally">Where the figures go.</param>
    /// <param name="progress">Told now and then how many were judged.</param>
    /// <param name="cancellationToken">Ends the run early; the figures so far are good.</param>
    public static void Run(ulong seed, Range chains, Tally tally, Action<int>? progress, CancellationToken cancellationToken)
    {
        using var keys = KeyPool.Create();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(
                chains.Start.Value,
                chains.End.Value,
                options,
                () => keys.Copy(),
                (index, _, own) =>
                {
                    tally.Add(index, new ChainFactory(own).Draw(Dice.Of(seed, index)));
                    if (tally.Judged % ProgressEvery == 0)
                    {
                        progress?.Invoke(tally.Judged);
                    }

                    return own;
                },
                own => own.Dispose());
        }
        catch (OperationCanceledException)
        {
            // The figures so far are still good.
        }
    }
}
