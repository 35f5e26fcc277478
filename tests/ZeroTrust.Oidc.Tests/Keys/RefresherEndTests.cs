using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using ZeroTrust.Oidc.Keys;
using ZeroTrust.Testing;

namespace ZeroTrust.Oidc.Tests.Keys;

/// <summary>The end of a host, in order or not, is a normal end of the work on keys.</summary>
public sealed class RefresherEndTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, ScriptedIssuerBehavior.Healthy)]
    [InlineData(true, ScriptedIssuerBehavior.Down)]
    [InlineData(false, ScriptedIssuerBehavior.Healthy)]
    [InlineData(false, ScriptedIssuerBehavior.Down)]
    public async Task Stop_and_disposal_end_the_work_without_a_failure(bool stops, ScriptedIssuerBehavior behavior)
    {
        await using var host = await OidcHost.StartAsync();
        host.Issuer.Behavior = behavior;
        var refresher = host.Services.GetServices<IHostedService>().OfType<IssuerKeyRefresher>().Single();
        await refresher.StartAsync(Cancelled);
        if (stops)
        {
            await refresher.StopAsync(Cancelled);
        }

        await host.Services.DisposeAsync();

        await refresher.Refreshing.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        Assert.Equal(TaskStatus.RanToCompletion, refresher.Refreshing.Status);
    }

    [Fact]
    public async Task A_host_whose_start_fails_logs_that_and_no_failure_of_the_keys()
    {
        await using var issuer = await ScriptedIssuer.StartAsync(TimeProvider.System, Cancelled);
        using var anchor = new TemporaryFile(issuer.AnchorPem);
        var logs = new FakeLogCollector();
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.AddProvider(new FakeLoggerProvider(logs));
        builder.Services.AddZeroTrust().AddOidc(options => options.Issuers["main"] = new OidcIssuerOptions
        {
            Authority = issuer.Authority,
            Audience = OidcHost.Audience,
            TrustAnchorFile = anchor.Path,
        });
        builder.Services.AddHostedService<Failing>();
        var host = builder.Build();
        var refresher = host.Services.GetServices<IHostedService>().OfType<IssuerKeyRefresher>().Single();

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Cancelled));
        host.Dispose();

        await refresher.Refreshing.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        Assert.DoesNotContain(logs.GetSnapshot(), record => record.Id.Name is "BackgroundServiceFaulted" or "BackgroundServiceStoppingHost");
    }

    private sealed class Failing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("mine");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
