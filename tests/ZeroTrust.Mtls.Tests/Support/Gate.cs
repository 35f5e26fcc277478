using Microsoft.AspNetCore.Http;

namespace ZeroTrust.Mtls.Tests.Support;

/// <summary>An answer in two halves; the second waits until the test lets it pass.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public const string FirstHalf = "first.";
    public const string SecondHalf = "second.";

    private int _waiting;

    public int Waiting => Volatile.Read(ref _waiting);

    public void Open() => _open.TrySetResult();

    /// <summary>Answers nothing before the gate is open.</summary>
    public async Task HoldAsync(HttpContext context)
    {
        Interlocked.Increment(ref _waiting);
        await _open.Task.WaitAsync(context.RequestAborted);
        await context.Response.WriteAsync(MeshServer.LeafOf(context), context.RequestAborted);
    }

    /// <summary>Answers the first half at once.</summary>
    public async Task StreamAsync(HttpContext context)
    {
        await context.Response.WriteAsync(FirstHalf, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        Interlocked.Increment(ref _waiting);
        await _open.Task.WaitAsync(context.RequestAborted);
        await context.Response.WriteAsync(SecondHalf, context.RequestAborted);
    }
}
