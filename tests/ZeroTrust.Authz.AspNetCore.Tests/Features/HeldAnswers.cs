using System.Globalization;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>A handler whose answers wait until they are released.</summary>
internal sealed class HeldAnswers
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _bothChosen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _runs;
    private int _chosen;

    public int Runs => Volatile.Read(ref _runs);

    /// <summary>Ends when the first call is in the handler.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Ends when the policies of two calls have run.</summary>
    public Task BothChosen => _bothChosen.Task;

    public void Release() => _released.TrySetResult();

    public void Chosen()
    {
        if (Interlocked.Increment(ref _chosen) == 2)
        {
            _bothChosen.TrySetResult();
        }
    }

    public async Task<string> AnswerAsync(AuthzContext context)
    {
        var run = Interlocked.Increment(ref _runs);
        _begun.TrySetResult();
        await _released.Task;
        return string.Create(CultureInfo.InvariantCulture, $"{context.Tenant} {run}");
    }
}
