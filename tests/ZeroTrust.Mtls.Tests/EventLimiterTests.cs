using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Mtls.Diagnostics;

namespace ZeroTrust.Mtls.Tests;

public sealed class EventLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void What_exceeds_the_limit_is_counted_and_told_with_the_next()
    {
        var limiter = new EventLimiter(_time, perSecond: 2);
        Assert.True(limiter.TryPass(out _));
        Assert.True(limiter.TryPass(out _));
        Assert.False(limiter.TryPass(out _));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(limiter.TryPass(out _));

        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(limiter.TryPass(out var suppressed));
        Assert.Equal(2, suppressed);
        Assert.True(limiter.TryPass(out suppressed));
        Assert.Equal(0, suppressed);
    }
}
