using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Oidc.Keys;
using ZeroTrust.Tests.Support;

namespace ZeroTrust.Oidc.Tests.Keys;

/// <summary>What the application brings along throws or blocks, or the issuer hangs; keys are refreshed all the same, or readiness says that they are not.</summary>
public sealed class WeakenedRefreshTests : IDisposable
{
    private const string Dependency = "oidc.keys.main";

    private readonly SteppedTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly Fault _fault = new();
    private readonly FaultySignal _signal = new();

    public enum Weakness
    {
        None,
        ThrowingCallback,
        BlockingCallback,
        ThrowingLogProvider,
        BlockingLogProvider,
        ThrowingSignal,
        BlockingSignal,
        ThrowingMeterListener,
        BlockingMeterListener,
    }

    public static TheoryData<Weakness> Weaknesses => [.. Enum.GetValues<Weakness>()];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _fault.Dispose();

    [Theory]
    [MemberData(nameof(Weaknesses))]
    public async Task A_withdrawn_key_ends_and_a_new_one_is_used_whatever_the_application_does(Weakness weakness)
    {
        await using var host = await StartAsync(weakness);
        using var meters = new MeterListener();
        var refresher = Refresher(host);
        await refresher.StartAsync(Cancelled);
        Assert.Equal(OidcHost.Accepted, await host.JudgeAsync(host.Token()));
        Weaken(weakness, host, meters);

        for (var round = 0; round < 3; round++)
        {
            host.Issuer.RotateKey(keepPublished: false);
            await AdvanceUntilAsync(async () => await KeyIdsAsync(host) == host.Issuer.SigningKey.KeyId);
        }

        host.Issuer.Behavior = Testing.ScriptedIssuerBehavior.Garbage;
        await AdvanceUntilAsync(() => _signal.Of(Dependency) is DependencyState.Degraded or DependencyState.NotReady);
        Assert.True(weakness == Weakness.None || _fault.Struck > 0, "Nothing went wrong.");

        // The handler of the framework logs what the call comes to, too.
        _fault.End();
        host.Issuer.Behavior = Testing.ScriptedIssuerBehavior.Healthy;
        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.Ready);
        Assert.Equal(OidcHost.Accepted, await host.JudgeAsync(host.Token()));
        await refresher.StopAsync(Cancelled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-2)]
    public async Task An_issuer_that_hangs_is_told_before_its_keys_end_and_is_followed_when_it_answers(int hours)
    {
        await using var host = await StartAsync(Weakness.None);
        var refresher = Refresher(host);
        await refresher.StartAsync(Cancelled);
        Assert.Equal(OidcHost.Accepted, await host.JudgeAsync(host.Token()));
        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.Ready);
        var withdrawn = host.Issuer.SigningKey.KeyId;
        host.Issuer.Hold();
        host.Issuer.RotateKey(keepPublished: false);
        _time.Step(TimeSpan.FromHours(hours));

        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.Degraded);
        Assert.Equal(withdrawn, await KeyIdsAsync(host));
        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.NotReady);
        Assert.Null(await KeyIdsWhileTimePassesAsync(host));

        host.Issuer.Release();
        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.Ready);
        Assert.Equal(host.Issuer.SigningKey.KeyId, await KeyIdsAsync(host));
        await refresher.StopAsync(Cancelled);
    }

    private static IssuerKeyRefresher Refresher(OidcHost host) => host.Services.GetServices<IHostedService>().OfType<IssuerKeyRefresher>().Single();

    private static async Task<string?> KeyIdsAsync(OidcHost host)
    {
        var verdict = await host.Keys.GetKeysAsync("main", keyId: null, Cancelled);
        return verdict.TryGet(out var keys, out _) ? string.Join(' ', keys.KeyIds) : null;
    }

    // Joins the fetch that hangs, which ends by elapsed time.
    private async Task<string?> KeyIdsWhileTimePassesAsync(OidcHost host)
    {
        var asked = KeyIdsAsync(host);
        await AdvanceUntilAsync(() => asked.IsCompleted);
        return await asked;
    }

    private Task<OidcHost> StartAsync(Weakness weakness) => OidcHost.StartAsync(_time, configureServices: services =>
    {
        if (weakness is Weakness.ThrowingSignal or Weakness.BlockingSignal)
        {
            services.AddSingleton<IReadinessSignal>(new FaultySignal(_fault));
        }

        if (weakness is Weakness.ThrowingLogProvider or Weakness.BlockingLogProvider)
        {
            services.AddLogging(logging => logging.AddProvider(new FaultyLogProvider(_fault)));
        }

        services.AddSingleton<IReadinessSignal>(_signal);
    });

    private void Weaken(Weakness weakness, OidcHost host, MeterListener meters)
    {
        switch (weakness)
        {
            case Weakness.ThrowingCallback or Weakness.BlockingCallback:
                ChangeToken.OnChange(() => host.Keys.GetReloadToken("main"), _fault.Strike);
                break;
            case Weakness.ThrowingMeterListener or Weakness.BlockingMeterListener:
                // Of this host alone: other tests run beside it.
                var factory = host.Services.GetRequiredService<IMeterFactory>();
                meters.InstrumentPublished = (instrument, listener) =>
                {
                    if (instrument.Name == "zerotrust.oidc.key.fetches" && ReferenceEquals(instrument.Meter.Scope, factory))
                    {
                        listener.EnableMeasurementEvents(instrument);
                    }
                };
                meters.SetMeasurementEventCallback<long>((_, _, _, _) => _fault.Strike());
                meters.Start();
                break;
        }

        if (weakness is Weakness.BlockingCallback or Weakness.BlockingSignal or Weakness.BlockingLogProvider or Weakness.BlockingMeterListener)
        {
            _fault.Block();
        }
        else if (weakness != Weakness.None)
        {
            _fault.Throw();
        }
    }

    private Task AdvanceUntilAsync(Func<bool> reached) => AdvanceUntilAsync(() => Task.FromResult(reached()));

    private async Task AdvanceUntilAsync(Func<Task<bool>> reached)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        for (var asked = reached(); !asked.IsCompleted || !await asked; asked = asked.IsCompleted ? reached() : asked)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(TimeSpan.FromMilliseconds(10), deadline.Token);
        }
    }
}
