using System.Net;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ZeroTrust.HealthChecks.Tests.Infrastructure;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ZeroTrust.HealthChecks.Tests;

/// <summary>The same flip through Grpc.AspNetCore.HealthChecks and through this package: the measure that shows what a numbered state is for.</summary>
public sealed class StockWatchTests
{
    private const int PublishesToWaitFor = 3;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_stock_watch_stays_on_an_answer_that_is_no_longer_true()
    {
        var healthy = true;
        var published = new Published();
        await using var app = await StartStockAsync(() => Volatile.Read(ref healthy), published);
        using var channel = GrpcChannel.ForAddress(app.Urls.Single());
        var health = new Health.HealthClient(channel);
        await published.MoreAsync(1);

        // The watcher begins while the dependency is down; nothing is published before it is back.
        Volatile.Write(ref healthy, false);
        using var watch = new WatchRecorder(health);
        await watch.ReachesAsync(ServingStatus.NotServing);
        Volatile.Write(ref healthy, true);
        await published.MoreAsync(PublishesToWaitFor);

        var check = await health.CheckAsync(new HealthCheckRequest(), cancellationToken: Cancelled);
        Assert.Equal(ServingStatus.Serving, check.Status);
        Assert.Equal([ServingStatus.NotServing], watch.Received);
    }

    [Fact]
    public async Task Ours_follows()
    {
        await using var host = await HealthHost.StartAsync();
        host.Hub.Report("db", DependencyState.NotReady);
        using var watch = new WatchRecorder(host.Health);
        await watch.ReachesAsync(ServingStatus.NotServing);

        host.Hub.Report("db", DependencyState.Ready);

        await watch.ReachesAsync(ServingStatus.Serving);
        Assert.Equal(ServingStatus.Serving, await host.CheckAsync());
        Assert.Equal([ServingStatus.NotServing, ServingStatus.Serving], watch.Received);
    }

    private static async Task<WebApplication> StartStockAsync(Func<bool> isHealthy, Published published)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.AddGrpcHealthChecks().AddCheck("db", () => isHealthy() ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
        builder.Services.AddSingleton<IHealthCheckPublisher>(published);
        builder.Services.Configure<HealthCheckPublisherOptions>(options =>
        {
            options.Delay = TimeSpan.Zero;
            options.Period = TimeSpan.FromSeconds(1); // the least it takes
        });
        var app = builder.Build();
        app.UseRouting();
        app.MapGrpcHealthChecksService();
        await app.StartAsync(Cancelled);
        return app;
    }

    /// <summary>Counts the rounds in which the stock package publishes.</summary>
    private sealed class Published : IHealthCheckPublisher
    {
        private int _rounds;

        public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _rounds);
            return Task.CompletedTask;
        }

        public Task MoreAsync(int rounds)
        {
            var until = Volatile.Read(ref _rounds) + rounds;
            return Eventually.IsTrueAsync(() => Volatile.Read(ref _rounds) >= until);
        }
    }
}
