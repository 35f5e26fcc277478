using Microsoft.AspNetCore.Http;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>Cuts a call off that is still answered when its context has ended: a download, server-sent events, a WebSocket, a stream.</summary>
internal sealed class ContextDeadline : IAsyncDisposable
{
    /// <summary>The tolerance a context is accepted with, so that no call is cut off before it has begun.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly HttpContext _context;
    private readonly ITimer _timer;
    private volatile bool _hasPassed;

    public ContextDeadline(HttpContext context, AuthzContext authz, TimeProvider time)
    {
        _context = context;
        var left = authz.ExpiresAt + Grace - time.GetUtcNow();
        _timer = time.CreateTimer(static state => ((ContextDeadline)state!).Pass(), this, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public bool HasPassed => _hasPassed;

    // Waits for a callback that is running: the HttpContext must not be aborted once it serves another call.
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Pass()
    {
        _hasPassed = true;
        _context.Abort();
    }
}
