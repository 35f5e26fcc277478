using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Authz.Internal;
using ZeroTrust.Tests.Support;

namespace ZeroTrust.Authz.Tests;

/// <summary>What the application brings along throws or blocks, or the file is no file; the keys of a token service are followed, or readiness says that they are not.</summary>
public sealed class WeakenedKeyReloadTests : IDisposable
{
    private const string Dependency = "authz.token_service_keys";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("zt-weak-keys-").FullName;
    private readonly TestMesh _mesh = new();
    private readonly TokenService _first = new("first");
    private readonly TokenService _second = new("second");
    private readonly TokenService _third = new("third");
    private readonly Fault _fault = new();
    private readonly FaultySignal _signal = new();
    private volatile bool _verifying;

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
    }

    public enum NoFile
    {
        Missing,
        Fifo,
        Folder,
        Garbage,
    }

    public static TheoryData<Weakness> Weaknesses => [.. Enum.GetValues<Weakness>()];

    public static TheoryData<NoFile> NoFiles => [.. Enum.GetValues<NoFile>()];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string KeysFile => Path.Combine(_folder, "keys.json");

    public void Dispose()
    {
        _fault.Dispose();
        _first.Dispose();
        _second.Dispose();
        _third.Dispose();
        _mesh.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Weaknesses))]
    public async Task A_withdrawn_key_is_refused_and_a_new_one_believed_whatever_the_application_does(Weakness weakness)
    {
        Publish(_first);
        using var orders = Run(weakness);
        var polling = await StartAsync(orders);
        AuthzAssert.Accepted(Verify(orders, _first));
        using var meters = new MeterListener();
        Weaken(weakness, orders, meters);

        Publish(_second);
        await AdvanceUntilAsync(() => IsUnknown(orders, _first) && Verify(orders, _second).IsAccepted);
        Publish(_second, _third);
        await AdvanceUntilAsync(() => Verify(orders, _third).IsAccepted && Verify(orders, _second).IsAccepted);
        Publish(_third);
        await AdvanceUntilAsync(() => IsUnknown(orders, _second));
        AuthzAssert.Accepted(Verify(orders, _third));
        if (weakness is Weakness.ThrowingCallback or Weakness.BlockingCallback)
        {
            await AdvanceUntilAsync(() => _fault.Struck > 0);
        }

        await File.WriteAllTextAsync(KeysFile, "no keys", Cancelled);
        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.Degraded);
        Assert.True(weakness is Weakness.None or Weakness.ThrowingMeterListener || _fault.Struck > 0, "Nothing went wrong.");
        _fault.End();
        await polling.StoppedAsync(Cancelled);
    }

    [Theory]
    [MemberData(nameof(NoFiles))]
    public async Task Keys_stay_and_readiness_tells_while_the_file_is_none_and_those_of_the_next_file_are_used(NoFile what)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && what == NoFile.Fifo, "Windows has none.");
        Publish(_first);
        using var orders = Run(Weakness.None);
        var polling = await StartAsync(orders);
        File.Delete(KeysFile);
        await PutAsync(what);

        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.Degraded);
        await AdvanceUntilAsync(() => Verify(orders, _first).IsAccepted);
        AuthzAssert.Refused(AuthzRejectionReason.TokenServiceKeyUnknown, Verify(orders, _second));

        if (what == NoFile.Folder)
        {
            Directory.Delete(KeysFile);
        }

        Publish(_second);
        await AdvanceUntilAsync(() => IsUnknown(orders, _first) && Verify(orders, _second).IsAccepted);
        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.Ready);
        await polling.StoppedAsync(Cancelled);
    }

    [Theory]
    [InlineData(true, DependencyState.Degraded)]
    [InlineData(false, DependencyState.NotReady)]
    public async Task A_look_that_blocks_is_told_before_roots_are_refused_and_ends_with_the_block(bool mintsElsewhere, DependencyState state)
    {
        Publish(_first);
        using var orders = Run(Weakness.None, mintsElsewhere);
        var polling = await StartAsync(orders);
        AuthzAssert.Accepted(Verify(orders, _first));
        FaultyLook.Break(((FileTokenServiceKeySource)orders.Provider.GetRequiredService<ITokenServiceKeySource>()).Files.Single().Watch, _fault);
        _fault.Block();
        Publish(_second);

        await AdvanceUntilAsync(() => Verify(orders, _first).Rejection?.Code == CodeOf(AuthzRejectionReason.TokenServiceKeysStale));
        Assert.Equal([DependencyState.Ready, DependencyState.Degraded], _signal.HeardOf(Dependency).Distinct().Take(2));
        await AdvanceUntilAsync(() => _signal.Of(Dependency) == state);
        Assert.Equal(1, _fault.Struck);

        _fault.End();
        await AdvanceUntilAsync(() => IsUnknown(orders, _first) && Verify(orders, _second).IsAccepted);
        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.Ready);
        await polling.StoppedAsync(Cancelled);
    }

    private static async Task<TokenServiceKeyPolling> StartAsync(TestService orders)
    {
        var polling = orders.Provider.GetServices<IHostedService>().OfType<TokenServiceKeyPolling>().Single();
        await polling.StartingAsync(Cancelled);
        return polling;
    }

    private static string CodeOf(AuthzRejectionReason reason) => AuthzRejections.Refuse(reason, string.Empty).Code;

    // Elapsed time, in steps smaller than the interval of the looks.
    private async Task AdvanceUntilAsync(Func<bool> reached)
    {
        var began = Stopwatch.GetTimestamp();
        while (!reached())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "It never came to it.");
            _mesh.Time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(TimeSpan.FromMilliseconds(5), Cancelled);
        }
    }

    private bool IsUnknown(TestService orders, TokenService service) =>
        Verify(orders, service).Rejection?.Code == CodeOf(AuthzRejectionReason.TokenServiceKeyUnknown);

    // A fresh root each time: billing is its first holder and hands it to orders.
    private Verdict<AuthzContext> Verify(TestService orders, TokenService service)
    {
        _verifying = true;
        try
        {
            var now = _mesh.Time.GetUtcNow();
            var root = service.Root(now);
            var link = Forge.Link(_mesh.Billing, now, root, TestMesh.OrdersId, claims => claims["scope"] = "orders:read");
            return orders.Verifier.Verify(new TxnHeaders(root, link, Forge.Certs(_mesh.Billing)), orders.Peer(_mesh.Billing));
        }
        finally
        {
            _verifying = false;
        }
    }

    private void Weaken(Weakness weakness, TestService orders, MeterListener meters)
    {
        var source = orders.Provider.GetRequiredService<ITokenServiceKeySource>();
        switch (weakness)
        {
            case Weakness.ThrowingCallback or Weakness.BlockingCallback:
                ChangeToken.OnChange(() => source.GetReloadToken(TokenService.Issuer), _fault.Strike);
                break;
            case Weakness.ThrowingMeterListener:
                // Of this host alone: other tests run beside it.
                var factory = orders.Provider.GetRequiredService<IMeterFactory>();
                meters.InstrumentPublished = (instrument, listener) =>
                {
                    if (ReferenceEquals(instrument.Meter.Scope, factory))
                    {
                        listener.EnableMeasurementEvents(instrument);
                    }
                };
                meters.SetMeasurementEventCallback<long>((_, _, _, _) => _ = _verifying ? 0 : throw new InvalidOperationException("of the application"));
                meters.Start();
                break;
        }

        if (weakness is Weakness.BlockingCallback or Weakness.BlockingSignal or Weakness.BlockingLogProvider)
        {
            _fault.Block();
        }
        else if (weakness != Weakness.None)
        {
            _fault.Throw();
        }
    }

    private async Task PutAsync(NoFile what)
    {
        switch (what)
        {
            case NoFile.Fifo:
                using (var process = Process.Start("mkfifo", KeysFile))
                {
                    await process.WaitForExitAsync(Cancelled);
                }

                break;
            case NoFile.Folder:
                Directory.CreateDirectory(KeysFile);
                break;
            case NoFile.Garbage:
                await File.WriteAllTextAsync(KeysFile, "no keys", Cancelled);
                break;
        }
    }

    // As orchestrators do it: another file in the place of the old one.
    private void Publish(params TokenService[] services)
    {
        var next = KeysFile + ".next";
        File.WriteAllText(next, TokenService.Document(services));
        File.Move(next, KeysFile, overwrite: true);
    }

    private TestService Run(Weakness weakness, bool mintsElsewhere = true) => new(
        _mesh,
        _mesh.Orders,
        options =>
        {
            if (mintsElsewhere)
            {
                TestMesh.GrantGateway(options);
            }

            options.TokenServices.Add(new TokenServiceOptions
            {
                Issuer = TokenService.Issuer,
                KeysFile = KeysFile,
                Tenants = ["acme"],
                SubjectKinds = [SubjectKind.User],
                Permissions = ["orders:read", "orders:write"],
            });
        },
        services =>
        {
            if (weakness is Weakness.ThrowingLogProvider or Weakness.BlockingLogProvider)
            {
                services.AddLogging(logging => logging.AddProvider(new FaultyLogProvider(_fault, static name => name?.StartsWith("TokenServiceKey", StringComparison.Ordinal) == true)));
            }

            if (weakness is Weakness.ThrowingSignal or Weakness.BlockingSignal)
            {
                services.AddSingleton<IReadinessSignal>(new FaultySignal(_fault));
            }

            services.AddSingleton<IReadinessSignal>(_signal);
        });
}
