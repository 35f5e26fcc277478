namespace ZeroTrust.Benchmarks;

/// <summary>A clock that stands still, so that nothing expires while it is measured.</summary>
internal sealed class FrozenTime : TimeProvider
{
    private readonly DateTimeOffset _now = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _now;
}
