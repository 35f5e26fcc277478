using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using ZeroTrust.HealthChecks.Internal;
using ZeroTrust.HealthChecks.Tests.Infrastructure;

namespace ZeroTrust.HealthChecks.Tests;

public sealed class ReadinessHubTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Nothing_is_served_before_the_host_has_started()
    {
        using var test = new TestHub(hostStarted: false);

        Assert.False(test.Hub.Current.IsServing);
        Assert.False(test.Hub.Current.IsReady);
        Assert.False(test.Hub.Current.IsStarted);
        Assert.True(test.Hub.Current.IsLive);
    }

    [Fact]
    public void A_started_host_without_dependencies_serves()
    {
        using var test = new TestHub();

        Assert.True(test.Hub.Current.IsServing);
        Assert.True(test.Hub.Current.IsReady);
        Assert.True(test.Hub.Current.IsStarted);
    }

    [Fact]
    public void A_declared_dependency_is_waited_for()
    {
        using var test = new TestHub(options => options.Dependencies["db"] = new DependencyOptions());
        Assert.False(test.Hub.Current.IsReady);

        test.Hub.Report("db", DependencyState.Ready);

        Assert.True(test.Hub.Current.IsReady);
    }

    [Theory]
    [InlineData(DependencyState.NotReady)]
    [InlineData(DependencyState.Unknown)]
    [InlineData((DependencyState)7)]
    public void Anything_but_ready_of_a_critical_dependency_is_not_ready(DependencyState state)
    {
        using var test = new TestHub();
        test.Hub.Report("db", DependencyState.Ready);
        Assert.True(test.Hub.Current.IsServing);

        test.Hub.Report("db", state);

        Assert.False(test.Hub.Current.IsServing);
        Assert.False(test.Hub.Current.IsReady);
    }

    [Fact]
    public void A_degraded_dependency_is_ready_and_says_why()
    {
        using var test = new TestHub();
        test.Hub.Report("db", DependencyState.NotReady);

        test.Hub.Report("db", DependencyState.Degraded, "the replica is used");

        Assert.True(test.Hub.Current.IsServing);
        var status = Assert.Single(test.Hub.Current.Dependencies);
        Assert.Equal((DependencyState.Degraded, "the replica is used"), (status.State, status.Reason));
        var warning = Assert.Single(test.Logs.GetSnapshot(), record => record.Id.Name == "DependencyDegraded");
        Assert.Equal("the replica is used", warning.GetStructuredStateValue("Reason"));
    }

    [Fact]
    public void An_undeclared_dependency_is_critical_and_an_optional_one_is_not()
    {
        using var test = new TestHub(options => options.Dependencies["cache"] = new DependencyOptions { Critical = false });

        test.Hub.Report("cache", DependencyState.NotReady);
        Assert.True(test.Hub.Current.IsServing);

        test.Hub.Report("db", DependencyState.NotReady);
        Assert.False(test.Hub.Current.IsServing);
    }

    [Fact]
    public void A_dependency_never_decides_liveness()
    {
        using var test = new TestHub();

        test.Hub.Report("db", DependencyState.NotReady);

        Assert.True(test.Hub.Current.IsLive);
    }

    [Fact]
    public void Only_a_visible_change_makes_a_new_version()
    {
        using var test = new TestHub();
        test.Hub.Report("db", DependencyState.Ready, "fine");
        var state = test.Hub.Current;

        test.Hub.Report("db", DependencyState.Ready, "fine");
        Assert.Same(state, test.Hub.Current);

        test.Hub.Report("db", DependencyState.Ready, "finer");
        Assert.Equal(state.Version + 1, test.Hub.Current.Version);
    }

    [Theory]
    [InlineData(DependencyState.Ready)]
    [InlineData(DependencyState.Degraded)]
    public void A_ready_is_believed_just_short_of_its_lifetime_and_no_longer(DependencyState state)
    {
        using var test = new TestHub(options => options.Dependencies["db"] = new DependencyOptions { MaxStaleness = TimeSpan.FromSeconds(10) });
        test.Hub.Report("db", state);

        test.Time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.True(test.Hub.Current.IsServing);

        test.Time.Advance(TimeSpan.FromTicks(1));
        Assert.False(test.Hub.Current.IsServing);
        Assert.True(Assert.Single(test.Hub.Current.Dependencies).IsStale);
    }

    [Fact]
    public void A_repeated_ready_is_fresh_again()
    {
        using var test = new TestHub(options => options.Dependencies["db"] = new DependencyOptions { MaxStaleness = TimeSpan.FromSeconds(10) });
        test.Hub.Report("db", DependencyState.Ready);
        var version = test.Hub.Current.Version;

        test.Time.Advance(TimeSpan.FromSeconds(9));
        test.Hub.Report("db", DependencyState.Ready);
        test.Time.Advance(TimeSpan.FromSeconds(9));

        Assert.True(test.Hub.Current.IsServing);
        Assert.Equal(version, test.Hub.Current.Version);
    }

    [Fact]
    public async Task Staleness_is_pushed_to_those_who_wait()
    {
        using var test = new TestHub(options => options.Dependencies["db"] = new DependencyOptions { MaxStaleness = TimeSpan.FromSeconds(10) });
        test.Hub.Report("db", DependencyState.Ready);
        test.Time.Advance(TimeSpan.FromSeconds(5));
        test.Hub.Report("db", DependencyState.Ready);
        var waiting = test.Hub.WaitForChangeAsync(test.Hub.Current.Version, Cancelled).AsTask();

        test.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.False(waiting.IsCompleted);
        test.Time.Advance(TimeSpan.FromSeconds(6));

        Assert.False((await waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancelled)).IsServing);
    }

    [Fact]
    public void A_push_without_a_lifetime_stays_believed()
    {
        using var test = new TestHub();
        test.Hub.Report("keys", DependencyState.Ready);

        test.Time.Advance(TimeSpan.FromDays(30));

        Assert.True(test.Hub.Current.IsServing);
    }

    [Fact]
    public void A_poll_that_began_before_a_push_cannot_undo_it()
    {
        using var test = new TestHub();
        test.Hub.Declare("db", HealthGroups.Ready, critical: true, maxStaleness: null);
        var before = test.Hub.PushesOf("db");
        test.Hub.Report("db", DependencyState.NotReady);

        test.Hub.Complete("db", before, DependencyState.Ready, reason: null);
        Assert.False(test.Hub.Current.IsReady);

        test.Hub.Complete("db", test.Hub.PushesOf("db"), DependencyState.Ready, reason: null);
        Assert.True(test.Hub.Current.IsReady);
    }

    [Fact]
    public void Draining_is_told_at_once_and_for_good_while_calls_stay_admitted()
    {
        using var test = new TestHub();
        test.Hub.Report("db", DependencyState.Ready);

        test.Hub.BeginDrain();
        Assert.False(test.Hub.Current.IsServing);
        Assert.True(test.Hub.Current.IsReady);

        test.Hub.Report("db", DependencyState.NotReady);
        Assert.False(test.Hub.Current.IsReady);

        test.Hub.Report("db", DependencyState.Ready);
        Assert.True(test.Hub.Current.IsReady);
        Assert.False(test.Hub.Current.IsServing);
        Assert.True(test.Hub.Current.IsDraining);
    }

    [Fact]
    public void Startup_must_pass_once_and_is_not_asked_again()
    {
        using var test = new TestHub(hostStarted: false);
        test.Hub.Declare("migrated", HealthGroups.Startup, critical: true, maxStaleness: null);
        test.Hub.HostStarted();
        Assert.False(test.Hub.Current.IsStarted);
        Assert.False(test.Hub.Current.IsReady);

        test.Hub.Complete("migrated", 0, DependencyState.Ready, reason: null);
        Assert.True(test.Hub.Current.IsStarted);
        Assert.True(test.Hub.Current.IsReady);

        test.Hub.Complete("migrated", 0, DependencyState.NotReady, reason: null);
        Assert.True(test.Hub.Current.IsStarted);
        Assert.True(test.Hub.Current.IsReady);
    }

    [Fact]
    public void A_live_check_decides_liveness_alone()
    {
        using var test = new TestHub();
        test.Hub.Declare("deadlock", HealthGroups.Live, critical: true, maxStaleness: null);
        Assert.True(test.Hub.Current.IsLive);

        test.Hub.Complete("deadlock", 0, DependencyState.NotReady, reason: null);

        Assert.False(test.Hub.Current.IsLive);
        Assert.True(test.Hub.Current.IsReady);
    }

    [Fact]
    public async Task A_wait_returns_at_once_when_the_version_is_old_and_ends_when_cancelled()
    {
        using var test = new TestHub();
        Assert.Same(test.Hub.Current, await test.Hub.WaitForChangeAsync(0, Cancelled));

        using var stop = new CancellationTokenSource();
        var waiting = test.Hub.WaitForChangeAsync(test.Hub.Current.Version, stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void Names_are_bounded()
    {
        using var test = new TestHub();
        test.Hub.Report(new string('a', ReadinessHub.MaxNameLength), DependencyState.Ready);

        Assert.ThrowsAny<ArgumentException>(() => test.Hub.Report(new string('a', ReadinessHub.MaxNameLength + 1), DependencyState.Ready));
        Assert.ThrowsAny<ArgumentException>(() => test.Hub.Report("", DependencyState.Ready));
    }

    [Fact]
    public void Dependencies_are_bounded_and_known_ones_can_still_report()
    {
        using var test = new TestHub();
        for (var i = 0; i < ReadinessHub.MaxDependencies; i++)
        {
            test.Hub.Report($"d{i}", DependencyState.Ready);
        }

        Assert.Throws<InvalidOperationException>(() => test.Hub.Report("one more", DependencyState.Ready));
        test.Hub.Report("d0", DependencyState.NotReady);

        Assert.False(test.Hub.Current.IsServing);
        Assert.Equal(ReadinessHub.MaxDependencies, test.Hub.Current.Dependencies.Count);
    }

    [Fact]
    public void A_transition_is_counted_once_and_logged_with_its_cause()
    {
        using var test = new TestHub();
        using var transitions = new MetricCollector<long>(test.Meters, HealthTelemetry.MeterName, "zerotrust.healthchecks.transitions");
        test.Hub.Report("db", DependencyState.NotReady, "connection refused");
        test.Hub.Report("db", DependencyState.NotReady, "connection refused");
        test.Hub.Report("db", DependencyState.Ready);

        Assert.Equal(["not_serving", "serving"], transitions.GetMeasurementSnapshot().Select(m => m.Tags["zerotrust.result"]));
        var warning = Assert.Single(test.Logs.GetSnapshot(), record => record.Id.Id == 4002);
        Assert.Equal("connection refused", warning.GetStructuredStateValue("Reason"));
    }

    [Fact]
    public void Serving_can_be_observed()
    {
        using var test = new TestHub();
        using var serving = new MetricCollector<int>(test.Meters, HealthTelemetry.MeterName, "zerotrust.healthchecks.serving");
        serving.RecordObservableInstruments();
        test.Hub.BeginDrain();
        serving.RecordObservableInstruments();

        Assert.Equal([1, 0], serving.GetMeasurementSnapshot().Select(m => m.Value));
    }

    [Fact]
    public async Task Reports_from_many_threads_end_in_one_truth()
    {
        using var test = new TestHub();
        var threads = Enumerable.Range(0, 8).Select(thread => Task.Run(
            () =>
            {
                for (var i = 0; i < 2000; i++)
                {
                    test.Hub.Report($"d{thread % 4}", i % 2 == 0 ? DependencyState.NotReady : DependencyState.Ready);
                }
            },
            Cancelled));
        var versions = Task.Run(
            async () =>
            {
                var last = 0L;
                while (last < 1000)
                {
                    var state = await test.Hub.WaitForChangeAsync(last, Cancelled);
                    Assert.True(state.Version > last);
                    last = state.Version;
                }
            },
            Cancelled);

        await Task.WhenAll(threads);
        for (var i = 0; i < 4; i++)
        {
            test.Hub.Report($"d{i}", DependencyState.NotReady);
            test.Hub.Report($"d{i}", DependencyState.Ready);
        }

        await versions;
        Assert.True(test.Hub.Current.IsServing);
    }
}
