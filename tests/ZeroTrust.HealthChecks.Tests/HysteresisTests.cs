using ZeroTrust.HealthChecks.Internal;
using ZeroTrust.HealthChecks.Tests.Infrastructure;

namespace ZeroTrust.HealthChecks.Tests;

public sealed class HysteresisTests
{
    private const string Db = "db";

    [Fact]
    public void A_dependency_is_lost_with_the_last_of_the_failures_it_takes_and_not_before()
    {
        using var test = Hub(failures: 3);
        Run(test, passed: true);

        Run(test, passed: false);
        Run(test, passed: false);
        Assert.True(test.Hub.Current.IsReady);

        Run(test, passed: false);
        Assert.False(test.Hub.Current.IsReady);
    }

    [Fact]
    public void A_run_that_passes_begins_the_count_again()
    {
        using var test = Hub(failures: 2);
        Run(test, passed: true);
        for (var i = 0; i < 10; i++)
        {
            Run(test, passed: false);
            Run(test, passed: true);
        }

        Assert.True(test.Hub.Current.IsReady);
    }

    [Fact]
    public void A_lost_dependency_is_back_with_the_last_of_the_passes_it_takes()
    {
        using var test = Hub(successes: 2);
        Run(test, passed: true);
        Assert.True(test.Hub.Current.IsReady);
        Run(test, passed: false);

        Run(test, passed: true);
        Assert.False(test.Hub.Current.IsReady);

        Run(test, passed: true);
        Assert.True(test.Hub.Current.IsReady);
    }

    [Fact]
    public void A_dependency_that_comes_and_goes_flips_nothing()
    {
        using var test = Hub(failures: 1, successes: 2);
        Run(test, passed: false);
        var version = test.Hub.Current.Version;
        for (var i = 0; i < 10; i++)
        {
            Run(test, passed: true);
            Run(test, passed: false);
        }

        Assert.Equal(version, test.Hub.Current.Version);
    }

    [Fact]
    public void Failures_that_await_confirmation_do_not_keep_a_proof_alive()
    {
        using var test = Hub(failures: 100, maxStaleness: TimeSpan.FromSeconds(10));
        Run(test, passed: true);
        test.Time.Advance(TimeSpan.FromSeconds(9));
        Run(test, passed: false);
        Assert.True(test.Hub.Current.IsReady);

        test.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(test.Hub.Current.IsReady);
    }

    [Fact]
    public void A_stale_dependency_has_to_be_confirmed_like_a_lost_one()
    {
        using var test = Hub(successes: 2, maxStaleness: TimeSpan.FromSeconds(10));
        Run(test, passed: true);
        test.Time.Advance(TimeSpan.FromSeconds(10));
        Run(test, passed: false);

        Run(test, passed: true);
        Assert.False(test.Hub.Current.IsReady);

        Run(test, passed: true);
        Assert.True(test.Hub.Current.IsReady);
    }

    [Fact]
    public void What_is_pushed_counts_at_once()
    {
        using var test = Hub(failures: 3, successes: 3);
        test.Hub.Report(Db, DependencyState.Ready);
        Assert.True(test.Hub.Current.IsReady);

        test.Hub.Report(Db, DependencyState.NotReady);
        Assert.False(test.Hub.Current.IsReady);

        test.Hub.Report(Db, DependencyState.Ready);
        Assert.True(test.Hub.Current.IsReady);
    }

    private static TestHub Hub(int failures = 1, int successes = 1, TimeSpan? maxStaleness = null)
    {
        var test = new TestHub(options => options.Dependencies[Db] = new DependencyOptions { FailureThreshold = failures, SuccessThreshold = successes });
        test.Hub.Declare(Db, HealthGroups.Ready, critical: true, maxStaleness);
        return test;
    }

    private static void Run(TestHub test, bool passed) =>
        test.Hub.Complete(Db, test.Hub.PushesOf(Db), passed ? DependencyState.Ready : DependencyState.NotReady, reason: null);
}
