namespace ZeroTrust.Authz.Grpc.Tests;

/// <summary>Signals between a test and the methods it calls.</summary>
internal sealed class LedgerProbe
{
    public TaskCompletionSource Received { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
