using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.Mtls;
using ZeroTrust.Tests.Support;
using ZeroTrust.X509;

namespace ZeroTrust.AspNetCore.Tests.Connections;

/// <summary>A log provider or a meter listener that hangs: open streams of peers that are refused now are cut, and the host ends.</summary>
public sealed class HangingTellTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Mesh _mesh = new();
    private readonly Fault _fault = new();
    private readonly MeterListener _meters = new();

    public enum Hangs
    {
        Nothing,
        LogProvider,
        MeterListener,
    }

    public static TheoryData<Hangs> All => [.. Enum.GetValues<Hangs>()];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _fault.Dispose();
        _meters.Dispose();
        _mesh.Dispose();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_open_stream_of_a_denied_workload_is_cut_and_the_host_ends(Hangs hangs)
    {
        var host = await StartAsync(hangs);
        using var certificate = _mesh.Intermediate.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, HttpVersion.Version20);
        using var other = Mesh.Connect(host.EndPoint("mesh"), certificate, HttpVersion.Version20);
        await using var stream = await OpenAsync(client);
        await using var otherStream = await OpenAsync(other);
        if (hangs != Hangs.Nothing)
        {
            _fault.Block();
        }

        _mesh.Bundles.Replace(new TrustBundleSet(_mesh.Bundles.GetBundles(), new DenyList(workloads: [WorkloadId.Parse(Mesh.Client)])));

        await ReadToCutAsync(stream);
        await ReadToCutAsync(otherStream);
        await host.DisposeAsync().AsTask().WaitAsync(Patience, Cancelled);
        Assert.Equal(hangs != Hangs.Nothing, _fault.Struck > 0);
    }

    private static async Task<Stream> OpenAsync(HttpClient client)
    {
        var response = await client.GetAsync(new Uri("/stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancelled);
        var stream = await response.Content.ReadAsStreamAsync(Cancelled);
        Assert.NotEqual(0, await stream.ReadAsync(new byte[1], Cancelled));
        return stream;
    }

    private static async Task ReadToCutAsync(Stream stream)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(Patience);
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (await stream.ReadAsync(new byte[64], deadline.Token) > 0)
            {
            }
        });
    }

    private static async Task StreamAsync(HttpContext context)
    {
        while (true)
        {
            await context.Response.WriteAsync(".", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(TimeSpan.FromMilliseconds(10), context.RequestAborted);
        }
    }

    private async Task<TestHost> StartAsync(Hangs hangs)
    {
        var host = await TestHost.StartAsync(
            TestHost.MeshListener(),
            _mesh,
            build: builder =>
            {
                if (hangs == Hangs.LogProvider)
                {
                    builder.Logging.AddProvider(new FaultyLogProvider(_fault));
                }
            },
            use: app => app.MapGet("/stream", StreamAsync).RequirePeer());
        if (hangs == Hangs.MeterListener)
        {
            var factory = host.Services.GetRequiredService<IMeterFactory>();
            _meters.InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory)
                    && instrument.Meter.Name.StartsWith("ZeroTrust", StringComparison.Ordinal))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _meters.SetMeasurementEventCallback<long>((_, _, _, _) => _fault.Strike());
            _meters.SetMeasurementEventCallback<double>((_, _, _, _) => _fault.Strike());
            _meters.Start();
        }

        return host;
    }
}
