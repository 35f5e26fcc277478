namespace ZeroTrust.Tool.Internal;

/// <summary>Bounds what the platform cannot cancel: opening a pipe waits for its writer, and reading for what it writes.</summary>
internal static class Waiting
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <exception cref="IOException">It took longer. The thread is left to wait; it does not hold the process.</exception>
    public static async Task<T> BoundAsync<T>(Func<T> read, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Factory.StartNew(read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .WaitAsync(Limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new IOException(FormattableString.Invariant($"it did not end within {Limit.TotalSeconds} seconds, as a pipe that nobody writes to"), exception);
        }
    }
}
