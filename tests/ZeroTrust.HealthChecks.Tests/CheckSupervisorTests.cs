using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Options;
using ZeroTrust.HealthChecks.Internal;
using ZeroTrust.HealthChecks.Tests.Infrastructure;

namespace ZeroTrust.HealthChecks.Tests;

public sealed class CheckSupervisorTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_registered_check_is_awaited_then_followed_without_any_probe()
    {
        using var test = new TestHub();
        var healthy = true;
        await using var run = Run(test, checks => checks.AddCheck("db", () => Volatile.Read(ref healthy) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("gone")));
        await Eventually.IsTrueAsync(() => test.Hub.Current.IsReady);

        Volatile.Write(ref healthy, false);
        await run.AdvanceUntilAsync(() => !test.Hub.Current.IsReady);
        Assert.Equal("gone", Assert.Single(test.Hub.Current.Dependencies).Reason);

        Volatile.Write(ref healthy, true);
        await run.AdvanceUntilAsync(() => test.Hub.Current.IsReady);
    }

    [Fact]
    public async Task Degraded_still_counts_as_ready()
    {
        using var test = new TestHub();
        await using var run = Run(test, checks => checks.AddCheck("db", () => HealthCheckResult.Degraded("slow")));

        await Eventually.IsTrueAsync(() => State(test, "db") == DependencyState.Degraded);
        Assert.True(test.Hub.Current.IsReady);
        Assert.Equal("slow", Assert.Single(test.Hub.Current.Dependencies).Reason);
    }

    [Fact]
    public async Task A_check_that_throws_is_not_ready_and_its_exception_stays_in_the_log()
    {
        using var test = new TestHub();
        using var durations = new MetricCollector<double>(test.Meters, HealthTelemetry.MeterName, "zerotrust.healthchecks.check.duration");
        await using var run = Run(test, checks => checks.AddCheck("db", HealthCheckResult () => throw new InvalidOperationException("Password=secret")));

        await Eventually.IsTrueAsync(() => State(test, "db") == DependencyState.NotReady);

        Assert.Equal(typeof(InvalidOperationException).FullName, Assert.Single(test.Hub.Current.Dependencies).Reason);
        await Eventually.IsTrueAsync(() => durations.LastMeasurement is not null);
        Assert.Equal(typeof(InvalidOperationException).FullName, durations.LastMeasurement!.Tags["error.type"]);
    }

    [Fact]
    public async Task A_check_whose_failure_only_degrades_is_optional_unless_configuration_says_critical()
    {
        using var test = new TestHub(options => options.Dependencies["named"] = new DependencyOptions { Critical = true });
        await using var run = Run(test, checks => checks
            .Add(new HealthCheckRegistration("cache", _ => new DelegateCheck(() => throw new TimeoutException()), HealthStatus.Degraded, tags: null))
            .Add(new HealthCheckRegistration("named", _ => new DelegateCheck(() => { }), HealthStatus.Degraded, tags: null)));
        await Eventually.IsTrueAsync(() => State(test, "cache") == DependencyState.NotReady && State(test, "named") == DependencyState.Ready);

        Assert.True(test.Hub.Current.IsReady);
        Assert.True(test.Hub.Current.Dependencies.Single(d => d.Name == "named").IsCritical);
        Assert.False(test.Hub.Current.Dependencies.Single(d => d.Name == "cache").IsCritical);
    }

    [Fact]
    public async Task A_hung_check_is_not_ready_at_its_deadline_and_never_runs_twice_at_once()
    {
        using var test = new TestHub();
        var (running, most, runs, beats) = (0, 0, 0, 0);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var run = Run(test, checks => checks.AddAsyncCheck("db", async () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            if (Interlocked.Increment(ref runs) == 2)
            {
                await release.Task; // heeds no cancellation
            }

            Interlocked.Decrement(ref running);
            return HealthCheckResult.Healthy();
        }).AddCheck("other", () =>
        {
            Interlocked.Increment(ref beats);
            return HealthCheckResult.Healthy();
        }));
        await Eventually.IsTrueAsync(() => test.Hub.Current.IsReady);

        await run.AdvanceUntilAsync(() => Volatile.Read(ref runs) == 2);
        await run.AdvanceUntilAsync(() => !test.Hub.Current.IsReady);
        Assert.Equal("timeout", Assert.Single(test.Hub.Current.Dependencies, dependency => dependency.Name == "db").Reason);

        // The other check shows that time has passed for both.
        var before = Volatile.Read(ref beats);
        await run.AdvanceUntilAsync(() => Volatile.Read(ref beats) >= before + 5);
        Assert.Equal((2, 1), (Volatile.Read(ref runs), most));
        Assert.False(test.Hub.Current.IsReady);

        release.SetResult();
        await run.AdvanceUntilAsync(() => test.Hub.Current.IsReady);
        Assert.True(Volatile.Read(ref runs) >= 3);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_check_that_blocks_its_thread_is_bounded_too()
    {
        using var test = new TestHub();
        using var release = new ManualResetEventSlim();
        await using var run = Run(test, checks => checks.AddCheck("db", () =>
        {
            release.Wait(Cancelled);
            return HealthCheckResult.Healthy();
        }));

        await run.AdvanceUntilAsync(() => State(test, "db") == DependencyState.NotReady);

        release.Set();
        await run.AdvanceUntilAsync(() => test.Hub.Current.IsReady);
    }

    [Fact]
    public async Task A_hung_check_holds_up_no_other()
    {
        using var test = new TestHub();
        var others = 0;
        await using var run = Run(test, checks => checks
            .AddAsyncCheck("hung", async cancellationToken =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return HealthCheckResult.Healthy();
            })
            .AddCheck("other", () =>
            {
                Interlocked.Increment(ref others);
                return HealthCheckResult.Healthy();
            }));

        await run.AdvanceUntilAsync(() => Volatile.Read(ref others) > 5);

        await run.AdvanceUntilAsync(() => State(test, "hung") == DependencyState.NotReady);
        Assert.Equal(DependencyState.Ready, State(test, "other"));
    }

    [Fact]
    public async Task A_registration_states_its_own_timeout()
    {
        using var test = new TestHub();
        await using var run = Run(test, checks => checks.AddAsyncCheck(
            "slow",
            async cancellationToken =>
            {
                await Task.Delay(TimeSpan.FromSeconds(3), test.Time, cancellationToken);
                return HealthCheckResult.Healthy();
            },
            timeout: TimeSpan.FromSeconds(5)));

        await run.AdvanceUntilAsync(() => State(test, "slow") != DependencyState.Unknown);

        Assert.Equal(DependencyState.Ready, State(test, "slow"));
    }

    [Fact]
    public async Task A_startup_check_is_run_until_it_passed_once_and_never_again()
    {
        using var test = new TestHub(hostStarted: false);
        var runs = 0;
        await using var run = Run(test, checks => checks.AddCheck(
            "migrated", () => Interlocked.Increment(ref runs) < 4 ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy(), tags: ["startup"]));

        test.Hub.HostStarted();
        Assert.False(test.Hub.Current.IsStarted);

        await run.AdvanceUntilAsync(() => test.Hub.Current.IsStarted);
        for (var i = 0; i < 100; i++)
        {
            test.Time.Advance(Second);
        }

        Assert.Equal(4, runs);
        Assert.True(test.Hub.Current.IsReady);
    }

    [Theory]
    [InlineData(new string[0], HealthGroups.Ready)]
    [InlineData(new[] { "database" }, HealthGroups.Ready)]
    [InlineData(new[] { "ready" }, HealthGroups.Ready)]
    [InlineData(new[] { "live" }, HealthGroups.Live)]
    [InlineData(new[] { "startup" }, HealthGroups.Startup)]
    [InlineData(new[] { "startup", "ready" }, HealthGroups.Startup | HealthGroups.Ready)]
    internal void Tags_choose_the_question(string[] tags, HealthGroups groups)
    {
        var check = new HealthCheckRegistration("db", _ => throw new NotSupportedException(), failureStatus: null, tags);

        Assert.Equal(groups, CheckPlan.For(check, new HealthOptions()).Groups);
    }

    [Fact]
    public async Task Each_run_has_its_own_scope()
    {
        using var test = new TestHub();
        var seen = new System.Collections.Concurrent.ConcurrentBag<Scoped>();
        await using var run = Run(
            test,
            checks => checks.Add(new HealthCheckRegistration("db", provider => new DelegateCheck(() => seen.Add(provider.GetRequiredService<Scoped>())), failureStatus: null, tags: null)),
            services => services.AddScoped<Scoped>());

        await run.AdvanceUntilAsync(() => seen.Count >= 2);

        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    private static DependencyState State(TestHub test, string name) => test.Hub.Current.Dependencies.Single(d => d.Name == name).State;

    private static Running Run(TestHub test, Action<IHealthChecksBuilder> checks, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        checks(services.AddHealthChecks());
        more?.Invoke(services);
        return new Running(test, services.BuildServiceProvider());
    }

    private sealed class Scoped;

    private sealed class DelegateCheck(Action run) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            run();
            return Task.FromResult(HealthCheckResult.Healthy());
        }
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly ServiceProvider _provider;
        private readonly CheckSupervisor _supervisor;
        private readonly TestHub _test;

        public Running(TestHub test, ServiceProvider provider)
        {
            _test = test;
            _provider = provider;
            _supervisor = new CheckSupervisor(
                Options.Create(test.Options),
                provider.GetRequiredService<IOptions<HealthCheckServiceOptions>>(),
                test.Hub,
                provider.GetRequiredService<IServiceScopeFactory>(),
                test.Time,
                test.Metrics,
                test.Logger<CheckSupervisor>());
            _supervisor.Start();
        }

        public Task AdvanceUntilAsync(Func<bool> condition) => Eventually.IsTrueAsync(() =>
        {
            if (condition())
            {
                return true;
            }

            _test.Time.Advance(TimeSpan.FromMilliseconds(200));
            return condition();
        });

        public async ValueTask DisposeAsync()
        {
            await _supervisor.StopAsync(Cancelled);
            _supervisor.Dispose();
            await _provider.DisposeAsync();
        }
    }
}
