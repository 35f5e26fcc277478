using Microsoft.Extensions.Time.Testing;

namespace ZeroTrust.Tests.Support;

/// <summary>A fake time whose wall clock can be set apart from its timestamps and timers, as an administrator or a time service sets it.</summary>
internal sealed class SteppedTimeProvider(DateTimeOffset start) : FakeTimeProvider(start)
{
    private long _steps;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _steps));

    public override long GetTimestamp() => base.GetUtcNow().UtcTicks;

    public void Step(TimeSpan by) => Interlocked.Add(ref _steps, by.Ticks);
}
