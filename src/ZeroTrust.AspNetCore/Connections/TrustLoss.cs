namespace ZeroTrust.AspNetCore.Connections;

/// <summary>The moment at which a peer of running calls is refused, and why. It comes once or never.</summary>
#pragma warning disable CA1001 // without a timer or a wait handle the source holds nothing to dispose of
internal sealed class TrustLoss
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _signal = new();
    private Rejection? _rejection;

    public CancellationToken Token => _signal.Token;

    /// <summary>Why; null while the peer is trusted.</summary>
    public Rejection? Rejection => Volatile.Read(ref _rejection);

    /// <summary>Tells the running calls, on threads of their own: what they have registered may block or throw.</summary>
    /// <returns>Whether this is the first time.</returns>
    public bool TrySignal(Rejection rejection)
    {
        if (Interlocked.CompareExchange(ref _rejection, rejection, comparand: null) is not null)
        {
            return false;
        }

        _ = CancelAsync();
        return true;
    }

    private async Task CancelAsync() => await _signal.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
