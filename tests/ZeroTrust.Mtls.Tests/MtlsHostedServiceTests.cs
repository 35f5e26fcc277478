using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Mtls.Tests.Support;

namespace ZeroTrust.Mtls.Tests;

public sealed class MtlsHostedServiceTests : IDisposable
{
    private readonly FileWorld _world = new();
    private readonly Readiness _readiness = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task The_host_polls_the_files_and_reports_an_expired_credential()
    {
        using var host = NewHost();
        await host.StartAsync(Cancelled);
        Assert.Equal(DependencyState.Ready, _readiness.Of("mtls.credential"));
        Assert.Equal(DependencyState.Ready, _readiness.Of("mtls.trust"));
        var source = host.Services.GetRequiredService<IPeerCredentialSource>();
        var reloaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = source.GetReloadToken().RegisterChangeCallback(_ => reloaded.TrySetResult(), state: null);
        _world.Rotate();

        await AdvanceUntilAsync(() => reloaded.Task.IsCompleted);
        Assert.Equal(_world.Current.Certificate.Thumbprint, source.GetCredential().Certificate.Thumbprint);

        _world.World.Clock.Advance(TimeSpan.FromHours(2));
        await AdvanceUntilAsync(() => _readiness.Of("mtls.credential") == DependencyState.NotReady);
        Assert.Equal(LogLevel.Error, Assert.Single(_world.Told("CredentialExpired")).Level);
        await host.StopAsync(Cancelled);
    }

    [Fact]
    public async Task The_host_reports_what_cannot_be_reloaded()
    {
        using var host = NewHost();
        await host.StartAsync(Cancelled);
        await File.WriteAllTextAsync(_world.Domain.AnchorFile!, "nothing", Cancelled);

        await AdvanceUntilAsync(() => _readiness.Of("mtls.trust") == DependencyState.Degraded);
        _world.World.Root.WriteAnchorTo(_world.Folder);
        await AdvanceUntilAsync(() => _readiness.Of("mtls.trust") == DependencyState.Ready);
        await host.StopAsync(Cancelled);
    }

    [Fact]
    public async Task The_remaining_life_of_the_credential_is_measured()
    {
        using var host = NewHost();
        using var remaining = new MetricCollector<double>(
            host.Services.GetRequiredService<IMeterFactory>(), MtlsTelemetry.MeterName, "zerotrust.mtls.credential.remaining");
        await host.StartAsync(Cancelled);
        remaining.RecordObservableInstruments();

        Assert.Equal(3600, Assert.Single(remaining.GetMeasurementSnapshot()).Value);
        await host.StopAsync(Cancelled);
    }

    [Fact]
    public async Task Each_weakened_check_is_told_at_start_and_measured()
    {
        using var host = NewHost(builder => builder.DangerousMtls(dangers => dangers.AllowNoRevocation(World.Domain, "a lab").SkipPlatformVeto("a broken store")));
        using var weakenings = new MetricCollector<int>(host.Services.GetRequiredService<IMeterFactory>(), MtlsTelemetry.MeterName, "zerotrust.weakenings");
        await host.StartAsync(Cancelled);
        weakenings.RecordObservableInstruments();

        Assert.Equal(
            ["mtls.no_revocation:example.test", "mtls.no_platform_veto"],
            weakenings.GetMeasurementSnapshot().Select(measured => measured.Tags["zerotrust.weakening"]));
        Assert.Equal(
            [("mtls.no_revocation:example.test", "a lab"), ("mtls.no_platform_veto", "a broken store")],
            _world.Told("CheckWeakened").Select(record => (record.GetStructuredStateValue("weakening")!, record.GetStructuredStateValue("reason")!)));
        Assert.All(_world.Told("CheckWeakened"), record => Assert.Equal(LogLevel.Warning, record.Level));
        await host.StopAsync(Cancelled);
    }

    [Fact]
    public async Task Nothing_is_weakened_by_default()
    {
        using var host = NewHost();
        using var weakenings = new MetricCollector<int>(host.Services.GetRequiredService<IMeterFactory>(), MtlsTelemetry.MeterName, "zerotrust.weakenings");
        await host.StartAsync(Cancelled);
        weakenings.RecordObservableInstruments();

        Assert.Empty(weakenings.GetMeasurementSnapshot());
        Assert.Empty(_world.Told("CheckWeakened"));
        await host.StopAsync(Cancelled);
    }

    [Fact]
    public async Task A_host_without_usable_files_does_not_start()
    {
        await File.WriteAllTextAsync(_world.Options.Credential.CertificateFile!, "nothing", Cancelled);
        using var host = NewHost();

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancelled));
    }

    private IHost NewHost(Action<IZeroTrustBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ZeroTrust:Mtls:TrustDomain"] = World.Domain,
            ["ZeroTrust:Mtls:Credential:CertificateFile"] = _world.Options.Credential.CertificateFile,
            ["ZeroTrust:Mtls:Credential:KeyFile"] = _world.Options.Credential.KeyFile,
            ["ZeroTrust:Mtls:TrustDomains:example.test:AnchorFile"] = _world.Domain.AnchorFile,
        });
        builder.Logging.AddProvider(new FakeLoggerProvider(_world.Logs));
        builder.Services.AddSingleton(_world.World.Time);
        builder.Services.AddSingleton<IReadinessSignal>(_readiness);
        var zeroTrust = builder.Services.AddZeroTrust().AddMtls().AddMtls();
        configure?.Invoke(zeroTrust);
        return builder.Build();
    }

    private async Task AdvanceUntilAsync(Func<bool> reached)
    {
        // The timer's loop runs elsewhere: time is moved tick by tick until it was seen, within a deadline in real time.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!reached())
        {
            deadline.Token.ThrowIfCancellationRequested();
            _world.World.Clock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(TimeSpan.FromMilliseconds(1), deadline.Token);
        }
    }

    private sealed class Readiness : IReadinessSignal
    {
        private readonly Dictionary<string, DependencyState> _states = new(StringComparer.Ordinal);
        private readonly Lock _lock = new();

        public DependencyState Of(string dependency)
        {
            lock (_lock)
            {
                return _states.GetValueOrDefault(dependency);
            }
        }

        public void Report(string dependency, DependencyState state, string? reason = null)
        {
            lock (_lock)
            {
                _states[dependency] = state;
            }
        }
    }
}
