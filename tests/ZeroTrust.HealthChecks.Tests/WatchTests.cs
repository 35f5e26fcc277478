using Grpc.Core;
using ZeroTrust.HealthChecks.Tests.Infrastructure;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ZeroTrust.HealthChecks.Tests;

public sealed class WatchTests
{
    [Theory]
    [InlineData(true, ServingStatus.Serving)]
    [InlineData(false, ServingStatus.NotServing)]
    public async Task The_first_message_is_the_state_now(bool ready, ServingStatus expected)
    {
        await using var host = await HealthHost.StartAsync();
        host.Hub.Report("db", ready ? DependencyState.Ready : DependencyState.NotReady);

        using var watch = new WatchRecorder(host.Health);
        await watch.ReachesAsync(expected);

        Assert.Equal([expected], watch.Received);
        Assert.Equal(expected, await host.CheckAsync());
    }

    [Fact]
    public async Task A_change_that_alters_no_answer_is_not_sent()
    {
        await using var host = await HealthHost.StartAsync();
        using var watch = new WatchRecorder(host.Health);
        await watch.ReachesAsync(ServingStatus.Serving);

        host.Hub.Report("db", DependencyState.Ready, "one");
        host.Hub.Report("db", DependencyState.Ready, "two");
        host.Hub.Report("db", DependencyState.NotReady);
        await watch.ReachesAsync(ServingStatus.NotServing);
        host.Hub.Report("other", DependencyState.NotReady);
        host.Hub.Report("other", DependencyState.Ready);
        host.Hub.Report("db", DependencyState.Ready);
        await watch.ReachesAsync(ServingStatus.Serving);

        Assert.Equal([ServingStatus.Serving, ServingStatus.NotServing, ServingStatus.Serving], watch.Received);
    }

    [Fact]
    public async Task Watch_of_an_unknown_service_says_so_and_stays_open()
    {
        await using var host = await HealthHost.StartAsync();

        using var watch = new WatchRecorder(host.Health, "other.Service");
        await watch.ReachesAsync(ServingStatus.ServiceUnknown);
        host.Hub.Report("db", DependencyState.NotReady);

        Assert.Equal(ServingStatus.NotServing, await host.CheckAsync());
        Assert.Equal([ServingStatus.ServiceUnknown], watch.Received);
        Assert.False(watch.Ended.IsCompleted);
    }

    [Fact]
    public async Task One_stream_too_many_is_refused_and_a_place_given_back_is_usable()
    {
        await using var host = await HealthHost.StartAsync(options => options.MaxWatchStreams = 2);
        using var first = new WatchRecorder(host.Health);
        using var second = new WatchRecorder(host.Health);
        await first.ReachesAsync(ServingStatus.Serving);
        await second.ReachesAsync(ServingStatus.Serving);

        using var third = new WatchRecorder(host.Health);
        var exception = await Assert.ThrowsAsync<RpcException>(third.EndsAsync);
        Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
        Assert.Equal("health.too_many_watches", exception.Status.Detail);

        first.Dispose();
        await Eventually.IsTrueAsync(async () =>
        {
            using var again = new WatchRecorder(host.Health);
            await Task.WhenAny(again.Ended, again.ReachesAsync(ServingStatus.Serving));
            return again.Received.Count == 1;
        });
    }

    [Fact]
    public async Task Every_stream_ends_in_order_when_the_drain_is_over()
    {
        await using var host = await HealthHost.StartAsync();
        using var watch = new WatchRecorder(host.Health);
        using var unknown = new WatchRecorder(host.Health, "other.Service");
        await watch.ReachesAsync(ServingStatus.Serving);
        await unknown.ReachesAsync(ServingStatus.ServiceUnknown);

        var stopping = host.App.StopAsync(TestContext.Current.CancellationToken);
        await watch.ReachesAsync(ServingStatus.NotServing);
        Assert.False(watch.Ended.IsCompleted);
        host.Time.Advance(TimeSpan.FromSeconds(3));

        await watch.EndsAsync();
        await unknown.EndsAsync();
        await stopping;
        Assert.Equal([ServingStatus.Serving, ServingStatus.NotServing], watch.Received);
    }
}
