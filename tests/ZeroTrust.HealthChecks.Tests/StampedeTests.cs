using System.Net;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ZeroTrust.HealthChecks.Tests.Infrastructure;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ZeroTrust.HealthChecks.Tests;

public sealed class StampedeTests
{
    private const int Probes = 200;

    [Fact]
    public async Task Two_hundred_probes_at_once_run_each_check_once()
    {
        var runs = new int[3];
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await HealthHost.StartAsync(services: services =>
        {
            for (var i = 0; i < runs.Length; i++)
            {
                var check = i;
                services.AddHealthChecks().AddAsyncCheck($"check{check}", async () =>
                {
                    Interlocked.Increment(ref runs[check]);
                    await release.Task;
                    return HealthCheckResult.Healthy();
                });
            }
        });
        await Eventually.IsTrueAsync(() => runs.All(count => Volatile.Read(ref count) == 1));

        // While the checks run: each probe is answered at once, and none starts another run.
        await AskAsync(host, HttpStatusCode.ServiceUnavailable, ServingStatus.NotServing);
        Assert.Equal([1, 1, 1], runs);

        release.SetResult();
        await Eventually.IsTrueAsync(() => host.Hub.Current.IsServing);
        await AskAsync(host, HttpStatusCode.OK, ServingStatus.Serving);
        Assert.Equal([1, 1, 1], runs);
    }

    private static async Task AskAsync(HealthHost host, HttpStatusCode http, ServingStatus grpc)
    {
        var answers = Enumerable.Range(0, Probes / 2).Select(_ => host.GetAsync("/readyz")).ToList();
        var checks = Enumerable.Range(0, Probes / 2).Select(_ =>
            host.Prober.CheckAsync(new HealthCheckRequest(), cancellationToken: TestContext.Current.CancellationToken).ResponseAsync).ToList();

        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal(http, answer));
        Assert.All(await Task.WhenAll(checks), answer => Assert.Equal(grpc, answer.Status));
    }
}
