using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.AspNetCore.Tests.Connections;

/// <summary>What becomes of open connections when trust moves and nobody calls.</summary>
public sealed class LiveConnectionsTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Mesh _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public async Task A_revoked_peers_open_stream_is_cut_without_another_call()
    {
        PublishCrls();
        await using var host = await StartAsync();
        using var certificate = _mesh.Intermediate.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, HttpVersion.Version20);
        await using var stream = await OpenAsync(client);

        PublishCrls(certificate);

        await ReadToCutAsync(stream);
        Assert.Equal("x509.revoked", (await host.WaitForEventAsync("ConnectionCut")).GetStructuredStateValue("error.type"));
    }

    [Fact]
    public async Task An_open_stream_of_a_peer_that_nobody_revoked_goes_on()
    {
        PublishCrls();
        await using var host = await StartAsync();
        using var certificate = _mesh.Intermediate.Issue(Mesh.Client);
        using var other = _mesh.Intermediate.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, HttpVersion.Version20);
        using var cut = Mesh.Connect(host.EndPoint("mesh"), other, HttpVersion.Version20);
        await using var stream = await OpenAsync(client);
        await using var otherStream = await OpenAsync(cut);

        PublishCrls(other);
        await ReadToCutAsync(otherStream);

        Assert.NotEqual(0, await stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        await host.WaitForEventAsync("ConnectionCut");
        Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "ConnectionCut");
    }

    [Fact]
    public async Task A_denied_workloads_open_stream_is_cut()
    {
        await using var host = await StartAsync();
        using var certificate = _mesh.Intermediate.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, HttpVersion.Version20);
        await using var stream = await OpenAsync(client);

        _mesh.Bundles.Replace(new TrustBundleSet(_mesh.Bundles.GetBundles(), new DenyList(workloads: [WorkloadId.Parse(Mesh.Client)])));

        await ReadToCutAsync(stream);
    }

    [Fact]
    public async Task An_open_stream_ends_with_the_certificate_of_its_connection()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var mesh = new Mesh(time);
        await using var host = await StartAsync(mesh, time);
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, HttpVersion.Version20);
        await using var stream = await OpenAsync(client);

        time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(7));
        await host.WaitForEventAsync("ConnectionCut");
        time.Advance(TimeSpan.FromSeconds(1));

        await ReadToCutAsync(stream);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_rotation_of_the_own_certificate_moves_connections_without_losing_a_call(string version)
    {
        await using var host = await StartAsync(drain: TimeSpan.Zero);
        using var closed = new MetricCollector<long>(
            host.Services.GetRequiredService<IMeterFactory>(), "ZeroTrust.AspNetCore", "zerotrust.aspnetcore.connections.closed");
        using var certificate = _mesh.Intermediate.Issue(Mesh.Client);
        var connections = 0;
        using var client = Mesh.Connect(
            host.EndPoint("mesh"), certificate, Version.Parse(version), _ => Interlocked.Increment(ref connections));
        await CallAsync(client);

        _mesh.Credentials.Replace(_mesh.Intermediate.Issue(Mesh.Server).ToCredential());
        await host.WaitForEventAsync("ConnectionOutlived");
        await CallUntilAsync(client, () => connections == 2);

        Assert.Equal("rotated", Assert.Single(closed.GetMeasurementSnapshot()).Tags["zerotrust.cause"]);
    }

    [Fact]
    public async Task A_rotation_of_the_anchors_moves_connections_too()
    {
        await using var host = await StartAsync(drain: TimeSpan.Zero);
        using var certificate = _mesh.Intermediate.Issue(Mesh.Client);
        var connections = 0;
        using var client = Mesh.Connect(
            host.EndPoint("mesh"), certificate, HttpVersion.Version20, _ => Interlocked.Increment(ref connections));
        await CallAsync(client);

        using var successor = TestCertificateAuthority.Create("successor");
        _mesh.Bundles.Replace(new TrustBundleSet(new TrustBundle(
            TrustDomain.Parse(Mesh.Domain), [_mesh.Authority.Certificate, successor.Certificate])));
        await host.WaitForEventAsync("ConnectionOutlived");

        await CallUntilAsync(client, () => connections == 2);
    }

    [Fact]
    public async Task New_crls_are_no_rotation()
    {
        PublishCrls();
        await using var host = await StartAsync(drain: TimeSpan.Zero);
        using var certificate = _mesh.Intermediate.Issue(Mesh.Client);
        using var other = _mesh.Intermediate.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, HttpVersion.Version20);
        using var cut = Mesh.Connect(host.EndPoint("mesh"), other, HttpVersion.Version20);
        await CallAsync(client);
        await using var stream = await OpenAsync(cut);

        var bundle = _mesh.Bundles.GetBundles().Single();
        _mesh.Bundles.Replace(new TrustBundleSet(bundle.With(Crls(other))));
        await ReadToCutAsync(stream);

        Assert.False(host.Logged("ConnectionOutlived"));
    }

    [Fact]
    public async Task A_connection_stays_until_its_part_of_the_drain_time_has_passed()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var mesh = new Mesh(time);
        await using var host = await StartAsync(mesh, time, TimeSpan.FromMinutes(10));
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        var connections = 0;
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, connected: _ => Interlocked.Increment(ref connections));
        await CallAsync(client);

        mesh.Credentials.Replace(mesh.Intermediate.Issue(Mesh.Server).ToCredential());
        await host.WaitForEventAsync("ConnectionOutlived");
        await CallAsync(client);
        await CallAsync(client);
        Assert.Equal(1, connections);

        time.Advance(TimeSpan.FromMinutes(10));
        await CallUntilAsync(client, () => connections == 2);
    }

    private static async Task<Stream> OpenAsync(HttpClient client)
    {
        var response = await client.GetAsync(
            new Uri("/stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, await stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        return stream;
    }

    private static async Task ReadToCutAsync(Stream stream)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (await stream.ReadAsync(new byte[64], deadline.Token) > 0)
            {
            }
        });
    }

    private static async Task CallAsync(HttpClient client) =>
        Assert.Equal("ok", await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));

    private static async Task CallUntilAsync(HttpClient client, Func<bool> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Deadline, "The connection was not moved in time.");
            await CallAsync(client);
        }
    }

    private Task<TestHost> StartAsync(Mesh? mesh = null, TimeProvider? time = null, TimeSpan? drain = null)
    {
        var settings = TestHost.MeshListener();
        settings["ZeroTrust:Listeners:mesh:RotationDrain"] = drain?.ToString("c");
        if (drain is null)
        {
            settings.Remove("ZeroTrust:Listeners:mesh:RotationDrain");
        }

        return TestHost.StartAsync(
            settings,
            mesh ?? _mesh,
            use: app =>
            {
                app.MapGet("/", () => "ok").RequirePeer();
                app.MapGet("/stream", StreamAsync).RequirePeer();
            },
            time: time);
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

    private CrlSet Crls(params IEnumerable<TestCertificate> revoked) =>
        new([_mesh.Authority.IssueCrl([]), _mesh.Intermediate.IssueCrl(revoked.Select(leaf => leaf.Certificate))]);

    private void PublishCrls(params IEnumerable<TestCertificate> revoked) => _mesh.Bundles.Replace(new TrustBundleSet(
        new TrustBundle(TrustDomain.Parse(Mesh.Domain), [_mesh.Authority.Certificate], crls: Crls(revoked))));
}
