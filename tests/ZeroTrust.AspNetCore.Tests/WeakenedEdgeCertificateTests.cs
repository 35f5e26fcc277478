using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Listeners;
using ZeroTrust.Tests.Support;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>What the application brings along throws or blocks, or a file is none; a renewed edge certificate is presented, or readiness says that it is not.</summary>
public sealed class WeakenedEdgeCertificateTests : IDisposable
{
    private const string Dependency = "aspnetcore.certificate.edge";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SteppedTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly EdgeFiles _files = new();
    private readonly Fault _fault = new();
    private readonly FaultySignal _signal = new();

    public enum Weakness
    {
        None,
        ThrowingLogProvider,
        BlockingLogProvider,
        ThrowingSignal,
        BlockingSignal,
    }

    public enum NoFile
    {
        Missing,
        Fifo,
        Folder,
    }

    public static TheoryData<Weakness> Weaknesses => [.. Enum.GetValues<Weakness>()];

    public static TheoryData<NoFile> NoFiles => [.. Enum.GetValues<NoFile>()];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _fault.Dispose();
        _files.Dispose();
    }

    [Theory]
    [MemberData(nameof(Weaknesses))]
    public async Task A_renewed_certificate_is_presented_whatever_the_application_does(Weakness weakness)
    {
        await using var host = await StartAsync(weakness);
        _ = await ThumbprintOfAsync(host);
        if (weakness is Weakness.BlockingSignal or Weakness.BlockingLogProvider)
        {
            _fault.Block();
        }
        else if (weakness != Weakness.None)
        {
            _fault.Throw();
        }

        for (var round = 0; round < 3; round++)
        {
            var next = _files.Renew();
            await AdvanceUntilAsync(async () => await ThumbprintOfAsync(host) == next);
        }

        await File.WriteAllTextAsync(_files.KeyFile, "no key", Cancelled);
        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.Degraded);
        Assert.True(weakness == Weakness.None || _fault.Struck > 0, "Nothing went wrong.");

        var last = _files.Renew();
        await AdvanceUntilAsync(async () => await ThumbprintOfAsync(host) == last);
        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.Ready);
        _fault.End();
    }

    [Theory]
    [MemberData(nameof(NoFiles))]
    public async Task The_last_certificate_is_presented_and_reported_while_a_file_is_none(NoFile what)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && what == NoFile.Fifo, "Windows has none.");
        await using var host = await StartAsync(Weakness.None);
        var first = await ThumbprintOfAsync(host);
        File.Delete(_files.KeyFile);
        if (what == NoFile.Fifo)
        {
            using var process = Process.Start("mkfifo", _files.KeyFile);
            await process.WaitForExitAsync(Cancelled);
        }
        else if (what == NoFile.Folder)
        {
            Directory.CreateDirectory(_files.KeyFile);
        }

        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.Degraded);
        Assert.Equal(first, await ThumbprintOfAsync(host));

        if (what == NoFile.Folder)
        {
            Directory.Delete(_files.KeyFile);
        }

        File.Delete(_files.KeyFile);
        var second = _files.Renew();
        await AdvanceUntilAsync(async () => await ThumbprintOfAsync(host) == second);
        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.Ready);
    }

    [Fact]
    public async Task A_look_that_blocks_is_reported_and_ends_with_the_block()
    {
        await using var host = await StartAsync(Weakness.None);
        _ = await ThumbprintOfAsync(host);
        FaultyLook.Break(host.Services.GetRequiredService<EdgeCertificates>().All.Single().Watch, _fault);
        _fault.Block();
        _files.Renew();
        await AdvanceUntilAsync(() => _fault.Struck == 1);
        var next = _files.Renew();

        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.NotReady);
        Assert.Equal([DependencyState.Ready, DependencyState.Degraded, DependencyState.NotReady], _signal.HeardOf(Dependency));
        Assert.NotEqual(next, await ThumbprintOfAsync(host), StringComparer.Ordinal);

        _fault.End();
        await AdvanceUntilAsync(async () => await ThumbprintOfAsync(host) == next);
        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.Ready);
    }

    private static async Task<string?> ThumbprintOfAsync(TestHost host)
    {
        string? thumbprint = null;
        using var client = Mesh.Connect(
            host.EndPoint("edge"), certificate: null, connected: stream => thumbprint = stream.RemoteCertificate?.GetCertHashString());
        using var response = await client.GetAsync(new Uri("/", UriKind.Relative), Cancelled);
        return thumbprint;
    }

    private Task<TestHost> StartAsync(Weakness weakness) => TestHost.StartAsync(
        _files.Settings,
        build: builder =>
        {
            if (weakness is Weakness.ThrowingLogProvider or Weakness.BlockingLogProvider)
            {
                builder.Logging.AddProvider(new FaultyLogProvider(_fault, static name => name?.StartsWith("EdgeCertificate", StringComparison.Ordinal) == true));
            }

            if (weakness is Weakness.ThrowingSignal or Weakness.BlockingSignal)
            {
                builder.Services.AddSingleton<IReadinessSignal>(new FaultySignal(_fault));
            }

            builder.Services.AddSingleton<IReadinessSignal>(_signal);
        },
        time: _time);

    private Task AdvanceUntilAsync(Func<bool> reached) => AdvanceUntilAsync(() => Task.FromResult(reached()));

    // Elapsed time, in steps smaller than the interval of the looks.
    private async Task AdvanceUntilAsync(Func<Task<bool>> reached)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await reached())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "It never came to it.");
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(TimeSpan.FromMilliseconds(5), Cancelled);
        }
    }
}
