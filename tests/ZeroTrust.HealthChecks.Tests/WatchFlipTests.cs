using System.Net;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.HealthChecks.Internal;
using ZeroTrust.HealthChecks.Tests.Infrastructure;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ZeroTrust.HealthChecks.Tests;

/// <summary>100,000 random flips. No watcher may hear a wrong answer or the same one twice, and every surface tells the state of one version.</summary>
public sealed class WatchFlipTests
{
    private const int Flips = 100_000;
    private const int Watchers = 32;
    private const int FlipsPerRest = 200;

    [Theory]
    [InlineData(20_261_128u)]
    public async Task Random_flips_leave_no_watcher_wrong(uint seed)
    {
        await using var host = await HealthHost.StartAsync(options =>
        {
            options.Dependencies["optional"] = new DependencyOptions { Critical = false };
            options.MaxWatchStreams = Watchers;
        });
        var watches = Enumerable.Range(0, Watchers).Select(_ => new WatchRecorder(host.Health)).ToArray();
        var service = host.App.Services.GetRequiredService<GrpcHealthService>();
        var (flips, compared) = (0, 0);
        while (flips < Flips)
        {
            for (var burst = 0; burst < FlipsPerRest; burst++, flips++)
            {
                Flip(host.Hub, ref seed);
                var state = host.Hub.Current;
                var answer = await service.Check(new HealthCheckRequest(), context: null!);
                Assert.Equal(Expected(state), answer.Status);
                Assert.Equal(state.IsServing, HealthQuestion.Serving.IsYes(host.Hub.Current, service: string.Empty));
                Assert.Equal(state.Version, host.Hub.Current.Version);
            }

            // At rest: what goes over the wire is the state of the same version, and every watcher gets there.
            var current = host.Hub.Current;
            Assert.Equal(Expected(current), await host.CheckAsync());
            Assert.Equal(current.IsServing ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, await host.GetAsync("/readyz"));
            Assert.Equal(current.IsServing ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, await host.GetAsync("/work"));
            Assert.Equal(current.Version, host.Hub.Current.Version);
            foreach (var watch in watches)
            {
                await watch.ReachesAsync(Expected(current));
                compared++;
            }
        }

        Assert.Equal(Flips / FlipsPerRest * Watchers, compared);
        foreach (var watch in watches)
        {
            var received = watch.Received;
            Assert.Equal(0, received.Zip(received.Skip(1)).Count(pair => pair.First == pair.Second));
            Assert.False(watch.Ended.IsCompleted);
            watch.Dispose();
        }
    }

    private static ServingStatus Expected(ReadinessState state) => state.IsServing ? ServingStatus.Serving : ServingStatus.NotServing;

    private static void Flip(ReadinessHub hub, ref uint state) =>
        hub.Report(Next(ref state, 3) switch { 0 => "a", 1 => "b", _ => "optional" }, (DependencyState)Next(ref state, 4));

    private static int Next(ref uint state, uint bound)
    {
        state = (state * 1_664_525u) + 1_013_904_223u;
        return (int)((state >> 16) % bound);
    }
}
