using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.AspNetCore.Tests;

public sealed class PeerGuardTests
{
    [Theory]
    [InlineData("Mesh", "1.1")]
    [InlineData("Mesh", "2.0")]
    [InlineData("Management", "1.1")]
    public async Task A_listed_peer_is_served_and_known_to_the_endpoint(string role, string version)
    {
        using var mesh = new Mesh();
        await using var host = await StartAsync(mesh, role);
        using var peers = Counter(host);
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, Version.Parse(version));

        Assert.Equal(Mesh.Client, await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));

        var accepted = await host.WaitForEventAsync("PeerAccepted");
        Assert.Equal(LogLevel.Debug, accepted.Level);
        Assert.Equal(Mesh.Client, accepted.GetStructuredStateValue("zerotrust.workload"));
        Assert.Equal("accepted", Assert.Single(peers.GetMeasurementSnapshot()).Tags["zerotrust.result"]);
        Assert.False(host.Logged("PeerRefused"));
    }

    [Fact]
    public async Task A_client_without_a_certificate_is_refused()
    {
        using var mesh = new Mesh();
        await AssertRefusedAsync(mesh, certificate: null, "mtls.certificate_missing");
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused()
    {
        using var mesh = new Mesh();
        using var stranger = TestCertificateAuthority.Create("stranger");
        using var certificate = stranger.Issue(Mesh.Client);
        await AssertRefusedAsync(mesh, certificate, "x509.untrusted_anchor");
    }

    [Fact]
    public async Task A_certificate_for_servers_only_is_refused()
    {
        using var mesh = new Mesh();
        using var certificate = mesh.Authority.Issue(options =>
        {
            options.SpiffeId = Mesh.Client;
            options.ClientAuth = false;
        });
        await AssertRefusedAsync(mesh, certificate, "x509.extended_key_usage_missing");
    }

    [Fact]
    public async Task An_expired_certificate_is_refused()
    {
        using var mesh = new Mesh();
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = mesh.Authority.Issue(options =>
        {
            options.SpiffeId = Mesh.Client;
            options.NotBefore = now.AddHours(-1);
            options.NotAfter = now.AddMinutes(-1);
        });
        await AssertRefusedAsync(mesh, certificate, "x509.expired");
    }

    [Fact]
    public async Task A_proved_workload_that_is_not_listed_is_refused_and_named_in_the_audit()
    {
        using var mesh = new Mesh();
        using var certificate = mesh.Authority.Issue("spiffe://example.test/reports");
        var refused = await AssertRefusedAsync(mesh, certificate, "mtls.peer_not_listed");

        Assert.Equal("spiffe://example.test/reports", refused.GetStructuredStateValue("zerotrust.workload"));
    }

    [Fact]
    public async Task A_new_credential_is_presented_to_the_next_connection()
    {
        using var mesh = new Mesh();
        await using var host = await StartAsync(mesh);
        using var certificate = mesh.Authority.Issue(Mesh.Client);
        var before = await ServerOfAsync(host, certificate);
        mesh.Credentials.Replace(mesh.Intermediate.Issue(Mesh.Server).ToCredential());
        var after = await ServerOfAsync(host, certificate);

        Assert.NotEqual(before, after, StringComparer.Ordinal);
        Assert.Equal(mesh.Credentials.GetCredential().Certificate.Thumbprint, after);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_connection_whose_trust_is_withdrawn_is_refused_and_closed(string version)
    {
        using var mesh = new Mesh();
        await using var host = await StartAsync(mesh);
        using var certificate = mesh.Authority.Issue(Mesh.Client);
        var connections = 0;
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, Version.Parse(version), _ => connections++);
        Assert.Equal(Mesh.Client, await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));

        using var successor = TestCertificateAuthority.Create("successor");
        mesh.Bundles.Replace(new TrustBundleSet(successor.ToBundle(Mesh.Domain)));
        using var refused = await client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("connection", Assert.Single(refused.Headers.GetValues("ZeroTrust-Refused")));
        Assert.Equal(1, connections);
        var audit = await host.WaitForEventAsync("CallRefused");
        Assert.Equal("x509.untrusted_anchor", audit.GetStructuredStateValue("error.type"));

        // The connection is gone; another one does not pass the handshake.
        await Assert.ThrowsAnyAsync<HttpRequestException>(
            () => client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.True(connections > 1);
    }

    [Fact]
    public async Task A_connection_whose_trust_has_moved_and_still_holds_is_served()
    {
        using var mesh = new Mesh();
        await using var host = await StartAsync(mesh);
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        var connections = 0;
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, connected: _ => connections++);
        await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        mesh.Bundles.Replace(new TrustBundleSet(mesh.Authority.ToBundle(Mesh.Domain)));

        Assert.Equal(Mesh.Client, await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal(1, connections);
    }

    [Fact]
    public async Task A_connection_ends_with_the_certificate_it_was_opened_with()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var mesh = new Mesh(time);
        await using var host = await StartAsync(mesh, time: time);
        using var certificate = mesh.Authority.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate);
        await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromHours(2));
        using var refused = await client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("x509.expired", (await host.WaitForEventAsync("CallRefused")).GetStructuredStateValue("error.type"));
    }

    [Fact]
    public async Task A_stream_that_is_open_when_its_connection_loses_trust_is_cut()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var mesh = new Mesh();
        await using var host = await TestHost.StartAsync(TestHost.MeshListener(), mesh, use: app =>
        {
            app.MapGet("/", () => "ok").RequirePeer();
            app.MapGet("/stream", async (HttpContext context) =>
            {
                context.RequestAborted.Register(cut.SetResult);
                entered.SetResult();
                await cut.Task;
            }).RequirePeer();
        });
        using var certificate = mesh.Authority.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, HttpVersion.Version20);
        var stream = client.GetAsync(new Uri("/stream", UriKind.Relative), TestContext.Current.CancellationToken);
        await entered.Task.WaitAsync(TestContext.Current.CancellationToken);

        using var successor = TestCertificateAuthority.Create("successor");
        mesh.Bundles.Replace(new TrustBundleSet(successor.ToBundle(Mesh.Domain)));
        using var refused = await client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        await cut.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => stream);
    }

    [Fact]
    public async Task A_connection_that_came_past_the_handshake_is_refused_by_the_guard()
    {
        using var mesh = new Mesh();
        await using var host = await StartAsync(mesh);
        var plan = Listeners.ListenerPlan.Read(
            "mesh", new ListenerOptions { Url = "https://127.0.0.1:0", Role = ListenerRole.Mesh, Peers = [Mesh.Client] }, Assert.Fail);
        var passed = false;
        await using var connection = new DefaultConnectionContext("test");
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionClosed.Register(aborted.SetResult);
        await new Listeners.ListenerHandshakes(plan!, host.Services).GuardAsync(connection, _ =>
        {
            passed = true;
            return Task.CompletedTask;
        });

        Assert.False(passed);
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal("aspnetcore.peer_required", (await host.WaitForEventAsync("PeerRefused")).GetStructuredStateValue("error.type"));
    }

    private static Task<TestHost> StartAsync(Mesh mesh, string role = "Mesh", TimeProvider? time = null) => TestHost.StartAsync(
        TestHost.MeshListener(role),
        mesh,
        use: app => app.MapGet("/", (HttpContext context) => context.GetVerifiedPeer()?.Workload?.ToString())
            .RequirePeer()
            .OnListeners(ListenerRoles.Mesh | ListenerRoles.Management),
        time: time);

    private static MetricCollector<long> Counter(TestHost host) =>
        new(host.Services.GetRequiredService<IMeterFactory>(), "ZeroTrust.AspNetCore", "zerotrust.aspnetcore.peers");

    private static async Task<Microsoft.Extensions.Logging.Testing.FakeLogRecord> AssertRefusedAsync(Mesh mesh, TestCertificate? certificate, string code)
    {
        await using var host = await StartAsync(mesh);
        using var peers = Counter(host);

        Assert.False(await Mesh.IsAnsweredAsync(host.EndPoint("mesh"), certificate, TestContext.Current.CancellationToken));

        var refused = await host.WaitForEventAsync("PeerRefused");
        Assert.Equal(LogLevel.Warning, refused.Level);
        Assert.Equal(code, refused.GetStructuredStateValue("error.type"));
        Assert.Equal("mesh", refused.GetStructuredStateValue("zerotrust.listener"));
        Assert.Equal(
            certificate is null ? "none" : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(certificate.Certificate.RawData)),
            refused.GetStructuredStateValue("zerotrust.leaf_sha256"));
        var measured = Assert.Single(peers.GetMeasurementSnapshot());
        Assert.Equal("refused", measured.Tags["zerotrust.result"]);
        Assert.Equal(code, measured.Tags["error.type"]);
        Assert.False(host.Logged("PeerAccepted"));
        return refused;
    }

    private static async Task<string?> ServerOfAsync(TestHost host, TestCertificate certificate)
    {
        string? thumbprint = null;
        using var client = Mesh.Connect(
            host.EndPoint("mesh"), certificate, connected: stream => thumbprint = stream.RemoteCertificate?.GetCertHashString());
        await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        return thumbprint;
    }
}
