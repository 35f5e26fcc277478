namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>Holds a call up until the test lets it go.</summary>
internal sealed class Turnstile
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed when a call is held.</summary>
    public Task Entered => _entered.Task;

    public Task PassAsync(CancellationToken cancellationToken)
    {
        _entered.TrySetResult();
        return _released.Task.WaitAsync(cancellationToken);
    }

    public void Release() => _released.TrySetResult();
}
