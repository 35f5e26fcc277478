namespace ZeroTrust.HealthChecks.Internal;

/// <summary>The place of one <c>Watch</c> stream.</summary>
internal sealed class WatchPlace(string peer) : IDisposable
{
    private readonly CancellationTokenSource _gaveWay = new();

    public string Peer { get; } = peer;

    /// <summary>Ends when another peer was given the place.</summary>
    public CancellationToken GaveWay => _gaveWay.Token;

    // Asynchronously: the stream that ends is not the business of the call that took its place.
    public void GiveWay() => _ = EndAsync();

    public void Dispose() => _gaveWay.Dispose();

    private async Task EndAsync()
    {
        try
        {
            await _gaveWay.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The stream ended at the same moment.
        }
    }
}
