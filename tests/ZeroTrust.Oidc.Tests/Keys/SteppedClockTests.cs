using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ZeroTrust.Oidc.Keys;
using ZeroTrust.Testing;
using ZeroTrust.Tests.Support;

namespace ZeroTrust.Oidc.Tests.Keys;

/// <summary>The clock is set by two hours: fetches go on, and no key outlives its age.</summary>
public sealed class SteppedClockTests : IAsyncLifetime
{
    private readonly SteppedTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private OidcHost _host = null!;

    public static TheoryData<int> Steps => [-2, 2];

    public async ValueTask InitializeAsync() => _host = await OidcHost.StartAsync(_time);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task An_issuer_that_was_down_is_asked_again_after_the_back_off(int hours)
    {
        _host.Issuer.Behavior = ScriptedIssuerBehavior.Down;
        Assert.NotNull(await _host.AskForKeysAsync());
        _time.Step(TimeSpan.FromHours(hours));
        _host.Issuer.Behavior = ScriptedIssuerBehavior.Healthy;
        _time.Advance(IssuerKeyRing.MinFetchSpacing);

        Assert.Null(await _host.AskForKeysAsync());
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_key_that_is_published_after_the_step_is_learnt(int hours)
    {
        Assert.Null(await _host.AskForKeysAsync());
        _time.Advance(TimeSpan.FromSeconds(5));
        _time.Step(TimeSpan.FromHours(hours));
        _host.Issuer.RotateKey();

        Assert.Equal(OidcHost.Accepted, await _host.JudgeAsync(_host.Token()));
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Keys_are_used_for_their_age_and_no_longer(int hours)
    {
        Assert.Null(await _host.AskForKeysAsync());
        _host.Issuer.Behavior = ScriptedIssuerBehavior.Down;
        _time.Step(TimeSpan.FromHours(hours));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await _host.AskForKeysAsync());
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("oidc.issuer_unavailable", (await _host.AskForKeysAsync())?.Code);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task The_refresher_keeps_its_pace(int hours)
    {
        var refresher = _host.Services.GetServices<IHostedService>().OfType<IssuerKeyRefresher>().Single();
        await refresher.StartAsync(TestContext.Current.CancellationToken);
        await _host.Issuer.WaitForDiscoveryRequestsAsync(1, TestContext.Current.CancellationToken);
        Assert.Null(await _host.AskForKeysAsync());
        _time.Step(TimeSpan.FromHours(hours));
        var asked = _host.Issuer.DiscoveryRequests;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var waited = TimeSpan.Zero; _host.Issuer.DiscoveryRequests == asked; waited += TimeSpan.FromSeconds(10))
        {
            Assert.True(waited < TimeSpan.FromMinutes(20), "The issuer is not asked any more.");
            _time.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }

        await refresher.StopAsync(TestContext.Current.CancellationToken);
    }
}
