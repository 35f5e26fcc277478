using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Tests.Shared;

public sealed class PollingServiceTests
{
    private static readonly WatchLimits Limits = WatchLimits.For(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<string> _failures = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_look_that_throws_is_logged_once_for_each_failure_and_looked_again()
    {
        var looks = 0;
        var watch = new Watch("bad", () => throw new InvalidOperationException(Interlocked.Increment(ref looks) <= 3 ? "first" : "second"), Limits);
        using var service = new Service(_time, _failures, watch);
        await service.StartingAsync(Cancelled);

        await AdvanceUntilAsync(() => Volatile.Read(ref looks) > 5);
        Assert.Equal(["bad: first", "bad: second"], _failures, StringComparer.Ordinal);
        await service.StoppedAsync(Cancelled);
    }

    [Fact]
    public async Task Looks_that_fail_or_hang_make_their_source_stale_and_no_other()
    {
        using var gate = new ManualResetEventSlim();
        var hangs = new Watch("hangs", () => gate.Wait(Cancelled), Limits);
        var fails = new Watch("fails", () => throw new InvalidOperationException("x"), Limits);
        var good = new Watch("good", () => { }, Limits);
        using var service = new Service(_time, _failures, hangs, fails, good);
        await service.StartingAsync(Cancelled);

        await AdvanceUntilAsync(() => hangs.IsLate && fails.IsLate);
        Assert.False(hangs.IsStale);
        Assert.False(good.IsLate);
        await AdvanceUntilAsync(() => hangs.IsStale && fails.IsStale);
        Assert.False(good.IsLate);

        gate.Set();
        await AdvanceUntilAsync(() => !hangs.IsLate);
        Assert.True(fails.IsStale);
        await service.StoppedAsync(Cancelled);
    }

    [Fact]
    public async Task A_report_that_throws_is_followed_by_the_next()
    {
        var reports = 0;
        using var service = new Service(_time, _failures) { OnReport = () => _ = Interlocked.Increment(ref reports) > 1 ? throw new InvalidOperationException("mine") : 0 };
        await service.StartingAsync(Cancelled);

        await AdvanceUntilAsync(() => Volatile.Read(ref reports) > 3);
        await service.StoppedAsync(Cancelled);
    }

    [Fact]
    public async Task A_source_that_is_no_longer_watched_on_purpose_is_not_stale()
    {
        var watch = new Watch("source", () => { }, Limits);
        Assert.False(watch.IsStale);
        using var service = new Service(_time, _failures, watch);
        await service.StartingAsync(Cancelled);
        await service.StoppedAsync(Cancelled);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.False(watch.IsLate);
    }

    [Theory]
    [InlineData(500, 5, 60)]
    [InlineData(1000, 10, 60)]
    [InlineData(60_000, 600, 1200)]
    public void The_bounds_follow_the_interval(int interval, int late, int stale)
    {
        var limits = WatchLimits.For(TimeSpan.FromMilliseconds(interval), TimeSpan.FromMinutes(1));

        Assert.Equal((TimeSpan.FromSeconds(late), TimeSpan.FromSeconds(stale)), (limits.LateAfter, limits.StaleAfter));
    }

    private async Task AdvanceUntilAsync(Func<bool> reached) => await Eventually.TrueAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            return reached();
        },
        "Not reached.");

    private sealed class Service(TimeProvider time, ConcurrentQueue<string> failures, params Watch[] watches)
        : PollingService(time, new WatchEvents { LookFailed = (source, exception) => failures.Enqueue($"{source}: {exception.Message}") })
    {
        public Action? OnReport { get; init; }

        protected override TimeSpan ReportInterval => TimeSpan.FromSeconds(1);

        protected override IReadOnlyList<Watch> Prepare() => watches;

        protected override void Report() => OnReport?.Invoke();
    }
}
