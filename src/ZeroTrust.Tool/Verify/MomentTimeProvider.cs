namespace ZeroTrust.Tool.Verify;

/// <summary>A clock that stands still.</summary>
internal sealed class MomentTimeProvider(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
