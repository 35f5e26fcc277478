using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls;
using ZeroTrust.X509;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>A meter or activity listener of the application that throws refuses nobody, and changes no refusal.</summary>
/// <remarks>Alone, since activity listeners hear of every host of the process.</remarks>
[Collection(nameof(HostileListenerTests))]
[CollectionDefinition(nameof(HostileListenerTests), DisableParallelization = true)]
public sealed class HostileListenerTests : IDisposable
{
    private readonly Mesh _mesh = new();
    private MeterListener? _meters;
    private ActivityListener? _activities;
    private int _thrown;

    public enum Listener
    {
        None,
        Meters,
        Sampling,
        StartedSpans,
        StoppedSpans,
    }

    public static TheoryData<Listener> Listeners => [.. Enum.GetValues<Listener>()];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _meters?.Dispose();
        _activities?.Dispose();
        _mesh.Dispose();
    }

    [Theory]
    [MemberData(nameof(Listeners))]
    public async Task A_valid_peer_is_served_and_a_refused_call_keeps_its_code(Listener throws)
    {
        await using var host = await StartAsync(throws);
        using var certificate = _mesh.Intermediate.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate);

        Assert.Equal("1", await client.GetStringAsync(new Uri("/orders/1", UriKind.Relative), Cancelled));
        using var refused = await client.GetAsync(new Uri("/others", UriKind.Relative), Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("aspnetcore.peer_not_allowed", (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("code").GetString());
        Assert.Equal(throws != Listener.None, _thrown > 0);
    }

    [Theory]
    [MemberData(nameof(Listeners))]
    public async Task A_refused_handshake_is_told_with_its_code_and_leaves_the_next_valid_one_alone(Listener throws)
    {
        await using var host = await StartAsync(throws);
        using var certificate = _mesh.Intermediate.Issue(Mesh.Client);
        using var stranger = _mesh.Intermediate.Issue("spiffe://example.test/stranger");

        Assert.False(await Mesh.IsAnsweredAsync(host.EndPoint("mesh"), stranger, Cancelled));
        Assert.True(await Mesh.IsAnsweredAsync(host.EndPoint("mesh"), certificate, Cancelled));

        Assert.Equal("mtls.peer_not_listed", (await host.WaitForEventAsync("PeerRefused")).GetStructuredStateValue("error.type"));
        Assert.Equal(throws != Listener.None, _thrown > 0);
    }

    [Theory]
    [MemberData(nameof(Listeners))]
    public async Task A_peer_that_is_denied_is_cut(Listener throws)
    {
        await using var host = await StartAsync(throws);
        using var certificate = _mesh.Intermediate.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, HttpVersion.Version20);
        Assert.Equal("1", await client.GetStringAsync(new Uri("/orders/1", UriKind.Relative), Cancelled));

        _mesh.Bundles.Replace(new TrustBundleSet(_mesh.Bundles.GetBundles(), new DenyList(workloads: [WorkloadId.Parse(Mesh.Client)])));

        Assert.Equal("mtls.workload_denied", (await host.WaitForEventAsync("ConnectionCut")).GetStructuredStateValue("error.type"));
    }

    private async Task<TestHost> StartAsync(Listener throws)
    {
        var host = await TestHost.StartAsync(
            TestHost.MeshListener(),
            _mesh,
            use: app =>
            {
                app.MapGet("/orders/{id}", (string id) => id).RequirePeer();
                app.MapGet("/others", () => "no").RequirePeer("spiffe://example.test/other");
            });
        if (throws == Listener.Meters)
        {
            ListenTo(host.Services.GetRequiredService<IMeterFactory>());
        }
        else if (throws != Listener.None)
        {
            _activities = new ActivityListener
            {
                ShouldListenTo = static source => source.Name.StartsWith("ZeroTrust", StringComparison.Ordinal),
                Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                {
                    ThrowIf(throws == Listener.Sampling);
                    return ActivitySamplingResult.AllData;
                },
                ActivityStarted = _ => ThrowIf(throws == Listener.StartedSpans),
                ActivityStopped = _ => ThrowIf(throws == Listener.StoppedSpans),
            };
            ActivitySource.AddActivityListener(_activities);
        }

        return host;
    }

    // Those of the product: what the framework measures is not the product's to survive.
    private void ListenTo(IMeterFactory factory)
    {
        _meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Meter.Name.StartsWith("ZeroTrust", StringComparison.Ordinal))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _meters.SetMeasurementEventCallback<long>((_, _, _, _) => ThrowIf(true));
        _meters.SetMeasurementEventCallback<double>((_, _, _, _) => ThrowIf(true));
        _meters.Start();
    }

    private void ThrowIf(bool throws)
    {
        if (throws)
        {
            Interlocked.Increment(ref _thrown);
            throw new InvalidOperationException("of the application");
        }
    }
}
