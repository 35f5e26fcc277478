using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Oidc.Keys;
using ZeroTrust.Testing;

namespace ZeroTrust.Oidc.Tests.Keys;

public sealed class IssuerReadinessTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<(string Dependency, DependencyState State, string? Reason)> _reports = new();
    private OidcHost? _host;

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await Refresher.StopAsync(TestContext.Current.CancellationToken);
            await _host.DisposeAsync();
        }
    }

    private IssuerKeyRefresher Refresher => _host!.Services.GetServices<IHostedService>().OfType<IssuerKeyRefresher>().Single();

    [Fact]
    public async Task A_service_is_not_ready_until_it_holds_its_issuers_keys()
    {
        await StartAsync(ScriptedIssuerBehavior.Down);
        Assert.Equal(("oidc.keys.main", DependencyState.Unknown, null), _reports.First());
        await ReachesAsync(DependencyState.NotReady);

        _host!.Issuer.Behavior = ScriptedIssuerBehavior.Healthy;
        await ReachesAsync(DependencyState.Ready);
    }

    [Fact]
    public async Task An_issuer_that_is_lost_degrades_a_service_that_still_holds_its_keys_and_stops_it_when_they_are_too_old()
    {
        await StartAsync(ScriptedIssuerBehavior.Healthy);
        await ReachesAsync(DependencyState.Ready);

        _host!.Issuer.Behavior = ScriptedIssuerBehavior.ServerError;
        await ReachesAsync(DependencyState.Degraded);
        await ReachesAsync(DependencyState.NotReady);

        _host.Issuer.Behavior = ScriptedIssuerBehavior.Healthy;
        await ReachesAsync(DependencyState.Ready);
    }

    private async Task StartAsync(ScriptedIssuerBehavior behavior)
    {
        _host = await OidcHost.StartAsync(_time, configureServices: services => services.AddSingleton<IReadinessSignal>(new Signal(_reports)));
        _host.Issuer.Behavior = behavior;
        await Refresher.StartAsync(TestContext.Current.CancellationToken);
    }

    private async Task ReachesAsync(DependencyState state)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        while (_reports.Last().State != state)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(TimeSpan.FromMilliseconds(2), deadline.Token);
        }
    }

    private sealed class Signal(ConcurrentQueue<(string Dependency, DependencyState State, string? Reason)> reports) : IReadinessSignal
    {
        public void Report(string dependency, DependencyState state, string? reason = null) => reports.Enqueue((dependency, state, reason));
    }
}
