using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Tests.Shared;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Tests.Support;

namespace ZeroTrust.Mtls.Tests;

/// <summary>What the application brings along throws or blocks; files that change are read all the same, and time alone makes nothing current.</summary>
public sealed class WeakenedReloadTests : IDisposable
{
    private readonly FileWorld _world = new();
    private readonly Signal _good = new();
    private readonly Signal _bad = new();
    private readonly ManualResetEventSlim _gate = new();
    private volatile bool _failing;
    private volatile bool _struck;

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
        FifoAmongTheFiles,
    }

    // The host's own time to end is 30 seconds; what the application plugs in may cost a second of it here and there.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<Weakness> Weaknesses => [.. Enum.GetValues<Weakness>()];

    public void Dispose()
    {
        _gate.Set();
        _gate.Dispose();
        _world.Dispose();
    }

    [Theory]
    [MemberData(nameof(Weaknesses))]
    public async Task Credential_deny_list_and_anchors_are_followed_whatever_the_application_does(Weakness weakness)
    {
        _world.Options.DenyListFile = _world.Write("denied", "# nobody");
        using var host = NewHost(weakness);
        using var meters = new MeterListener();
        await host.StartAsync(Cancelled);
        var credentials = host.Services.GetRequiredService<IPeerCredentialSource>();
        var verifier = host.Services.GetRequiredService<PeerVerifier>();
        using var billing = _world.World.Intermediate.Issue(World.Billing);
        var proof = verifier.Verify(billing.ToPeerCertificates(), PeerRole.Client).Value!;
        await WeakenAsync(weakness, host, meters);

        _world.Rotate();
        await AdvanceUntilAsync(() => credentials.GetCredential().Certificate.Thumbprint == _world.Current.Certificate.Thumbprint);
        _world.Write("denied", $"workload {World.Billing}");
        await AdvanceUntilAsync(() => verifier.Recheck(proof).Rejection?.Code == "mtls.workload_denied");
        _world.Write("denied", "# nobody again\nend\n");
        await AdvanceUntilAsync(() => verifier.Recheck(proof).IsAccepted);

        if (weakness == Weakness.FifoAmongTheFiles)
        {
            await AdvanceUntilAsync(() => _good.Of("mtls.trust") == DependencyState.Degraded);
            return;
        }

        using var other = Testing.TestCertificateAuthority.Create("other", _world.World.Time);
        other.WriteAnchorTo(_world.Folder, Path.GetFileNameWithoutExtension(_world.Domain.AnchorFile!));
        await AdvanceUntilAsync(() => verifier.Recheck(proof).Rejection?.Code.StartsWith("x509.", StringComparison.Ordinal) == true);
        await File.WriteAllTextAsync(_world.Domain.AnchorFile!, "nothing", Cancelled);
        await AdvanceUntilAsync(() => _good.Of("mtls.trust") == DependencyState.Degraded);
        Assert.True(weakness is not (Weakness.BlockingLogProvider or Weakness.BlockingMeterListener) || _struck, "Nothing hung.");
        await host.StopAsync(Cancelled).WaitAsync(LongestStop, Cancelled);
    }

    [Theory]
    [InlineData(Weakness.None)]
    [InlineData(Weakness.BlockingLogProvider)]
    [InlineData(Weakness.BlockingMeterListener)]
    public async Task A_deny_list_whose_look_hangs_is_reported_and_refuses_whatever_hangs_beside_it(Weakness weakness)
    {
        _world.Options.DenyListFile = _world.Write("denied", "# nobody");
        using var fault = new Fault();
        using var host = NewHost(weakness);
        using var meters = new MeterListener();
        await host.StartAsync(Cancelled);
        var verifier = host.Services.GetRequiredService<PeerVerifier>();
        using var billing = _world.World.Intermediate.Issue(World.Billing);
        var proof = verifier.Verify(billing.ToPeerCertificates(), PeerRole.Client).Value!;
        var files = (FileTrustBundleSource)host.Services.GetRequiredService<ITrustBundleSource>();
        FaultyLook.Break(files.Watches.Single(watch => watch.Name == "deny-list"), fault);
        await WeakenAsync(weakness, host, meters);
        fault.Block();

        await AdvanceUntilAsync(() => _good.Of("mtls.trust") == DependencyState.Degraded);
        await AdvanceUntilAsync(() => _good.Of("mtls.trust") == DependencyState.NotReady);
        Assert.Equal("mtls.trust_stale", verifier.Recheck(proof).Rejection?.Code);

        fault.End();
        await AdvanceUntilAsync(() => _good.Of("mtls.trust") == DependencyState.Ready);
        Assert.True(verifier.Recheck(proof).IsAccepted);
        await host.StopAsync(Cancelled).WaitAsync(LongestStop, Cancelled);
    }

    [Fact]
    public async Task Sources_in_memory_are_never_stale()
    {
        using var host = NewHost(Weakness.None, builder =>
        {
            builder.Services.AddSingleton<IPeerCredentialSource>(new MemoryPeerCredentialSource(_world.Current.ToCredential()));
            builder.Services.AddSingleton<ITrustBundleSource>(_world.World.Bundles);
        });
        await host.StartAsync(Cancelled);
        _world.World.Clock.Advance(TimeSpan.FromMinutes(30));

        using var billing = _world.World.Intermediate.Issue(World.Billing);
        Assert.True(host.Services.GetRequiredService<PeerVerifier>().Verify(billing.ToPeerCertificates(), PeerRole.Client).IsAccepted);
        Assert.Equal(DependencyState.Ready, _good.Of("mtls.trust"));
    }

    private async Task WeakenAsync(Weakness weakness, IHost host, MeterListener meters)
    {
        _failing = true;
        var verifier = host.Services.GetRequiredService<PeerVerifier>();
        var credentials = host.Services.GetRequiredService<IPeerCredentialSource>();
        switch (weakness)
        {
            case Weakness.ThrowingCallback:
                ChangeToken.OnChange(verifier.GetReloadToken, () => throw new InvalidOperationException("mine"));
                ChangeToken.OnChange(credentials.GetReloadToken, () => throw new InvalidOperationException("mine"));
                break;
            case Weakness.BlockingCallback:
                ChangeToken.OnChange(verifier.GetReloadToken, _gate.Wait);
                ChangeToken.OnChange(credentials.GetReloadToken, _gate.Wait);
                break;
            case Weakness.ThrowingSignal:
                _bad.Fails = true;
                break;
            case Weakness.BlockingSignal:
                _bad.Gate = _gate;
                break;
            case Weakness.ThrowingMeterListener or Weakness.BlockingMeterListener:
                // Of this host alone: other tests run beside it.
                var factory = host.Services.GetRequiredService<IMeterFactory>();
                meters.InstrumentPublished = (instrument, listener) =>
                {
                    if (ReferenceEquals(instrument.Meter.Scope, factory))
                    {
                        listener.EnableMeasurementEvents(instrument);
                    }
                };
                meters.SetMeasurementEventCallback<long>((_, _, _, _) => Strike(weakness == Weakness.BlockingMeterListener));
                meters.SetMeasurementEventCallback<double>((_, _, _, _) => Strike(weakness == Weakness.BlockingMeterListener));
                meters.Start();
                break;
            case Weakness.FifoAmongTheFiles:
                Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has none.");
                File.Delete(_world.Domain.AnchorFile!);
                await RegularFileTests.NewFifoAsync(_world.Domain.AnchorFile!);
                break;
        }
    }

    private IHost NewHost(Weakness weakness, Action<HostApplicationBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ZeroTrust:Mtls:TrustDomain"] = World.Domain,
            ["ZeroTrust:Mtls:Credential:CertificateFile"] = _world.Options.Credential.CertificateFile,
            ["ZeroTrust:Mtls:Credential:KeyFile"] = _world.Options.Credential.KeyFile,
            ["ZeroTrust:Mtls:DenyListFile"] = _world.Options.DenyListFile,
            ["ZeroTrust:Mtls:TrustDomains:example.test:AnchorFile"] = _world.Domain.AnchorFile,
        });
        builder.Logging.AddProvider(new Microsoft.Extensions.Logging.Testing.FakeLoggerProvider(_world.Logs));
        if (weakness is Weakness.ThrowingLogProvider or Weakness.BlockingLogProvider)
        {
            builder.Logging.AddProvider(new BadProvider(() =>
            {
                if (_failing)
                {
                    Strike(weakness == Weakness.BlockingLogProvider);
                }
            }));
        }

        builder.Services.AddSingleton(_world.World.Time);
        builder.Services.AddSingleton<IReadinessSignal>(_bad);
        builder.Services.AddSingleton<IReadinessSignal>(_good);
        configure?.Invoke(builder);
        builder.Services.AddZeroTrust().AddMtls();
        return builder.Build();
    }

    private void Strike(bool hangs)
    {
        _struck = true;
        if (!hangs)
        {
            throw new InvalidOperationException("mine");
        }

        _gate.Wait();
    }

    // Time moves in small steps, since it is elapsed time that makes a source stale.
    private async Task AdvanceUntilAsync(Func<bool> reached) => await Eventually.TrueAsync(
        () =>
        {
            _world.World.Clock.Advance(TimeSpan.FromMilliseconds(500));
            return reached();
        },
        "It never came to it.");

    private sealed class Signal : IReadinessSignal
    {
        private readonly ConcurrentDictionary<string, DependencyState> _states = new(StringComparer.Ordinal);

        public bool Fails { get; set; }

        public ManualResetEventSlim? Gate { get; set; }

        public DependencyState Of(string dependency) => _states.GetValueOrDefault(dependency);

        public void Report(string dependency, DependencyState state, string? reason = null)
        {
            Gate?.Wait();
            _states[dependency] = Fails ? throw new InvalidOperationException("mine") : state;
        }
    }

    private sealed class BadProvider(Action strike) : ILoggerProvider, ILogger
    {
        // What the framework logs is not the product's to survive.
        public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("ZeroTrust", StringComparison.Ordinal) ? this : NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => strike();

        public void Dispose()
        {
        }
    }
}
