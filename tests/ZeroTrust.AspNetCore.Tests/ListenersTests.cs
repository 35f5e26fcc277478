using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ZeroTrust.AspNetCore.Tests;

public sealed class ListenersTests
{
    private static readonly string[] UnderTest = ["Edge", "Mesh", "Management"];

    [Fact]
    public async Task A_declared_listener_is_bound_and_marks_its_connections()
    {
        await using var host = await TestHost.StartAsync(TestHost.ProbeListener(), use: MapWhoAmI);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{host.EndPoint("probe")}") };

        Assert.Equal("probe Probe", await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Prior_knowledge_http2_is_served_on_a_probe_listener_of_its_own()
    {
        var settings = TestHost.ProbeListener();
        settings["ZeroTrust:Listeners:probe:Protocols"] = "Http2";
        await using var host = await TestHost.StartAsync(settings, use: MapWhoAmI);
        using var client = new HttpClient
        {
            BaseAddress = new Uri($"http://{host.EndPoint("probe")}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        Assert.Equal("probe Probe", await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task An_edge_listener_serves_both_http_versions_without_asking_for_a_certificate(string version)
    {
        using var mesh = new Mesh();
        await using var host = await TestHost.StartAsync(TestHost.EdgeListener(), mesh, use: MapWhoAmI);
        using var client = Mesh.Connect(host.EndPoint("edge"), certificate: null, Version.Parse(version));

        Assert.Equal("edge Edge", await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_edge_listener_presents_its_own_certificate_and_takes_a_new_one_without_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("zerotrust-edge-");
        try
        {
            using var mesh = new Mesh();
            using var first = mesh.Authority.Issue(options => options.DnsNames.Add("shop.example"));
            using var second = mesh.Authority.Issue(options => options.DnsNames.Add("shop.example"));
            var (certificateFile, keyFile) = first.WriteTo(folder.FullName, "edge");
            var settings = TestHost.EdgeListener();
            settings["ZeroTrust:Listeners:edge:CertificateFile"] = certificateFile;
            settings["ZeroTrust:Listeners:edge:KeyFile"] = keyFile;
            var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
            await using var host = await TestHost.StartAsync(settings, use: MapWhoAmI, time: time);

            Assert.Equal(first.Certificate.Thumbprint, await ThumbprintOfAsync(host));
            second.WriteTo(folder.FullName, "edge");
            await AdvanceUntilAsync(time, async () => await ThumbprintOfAsync(host) == second.Certificate.Thumbprint);

            // A file that cannot be read changes nothing for users and is told to the operator.
            await File.WriteAllTextAsync(certificateFile, "not a certificate", TestContext.Current.CancellationToken);
            await AdvanceUntilAsync(time, () => Task.FromResult(host.Logged("EdgeCertificateReloadFailed")));
            Assert.Equal(second.Certificate.Thumbprint, await ThumbprintOfAsync(host));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("600", true)]
    [InlineData("440", true)]
    [InlineData("640", true)]
    [InlineData("644", false)]
    [InlineData("660", false)]
    public async Task The_key_of_an_edge_certificate_is_for_the_user_and_at_most_read_by_the_group(string mode, bool accepted)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no mode.");
        using var files = new EdgeFiles();
        files.SetMode(mode);
        if (accepted)
        {
            await using (await TestHost.StartAsync(files.Settings))
            {
            }

            return;
        }

        var error = await RefusalToStartAsync(files.Settings);
        Assert.Contains($"ZeroTrust:Listeners:edge:KeyFile: '{files.KeyFile}' has the mode {mode}", error, StringComparison.Ordinal);
        await using var allowed = await TestHost.StartAsync(files.Settings, files.Mesh, builder =>
            builder.Services.AddZeroTrust().AddMtls().DangerousMtls(dangers => dangers.AllowExposedKeyFile("a test")));
        Assert.True(allowed.Logged("CheckWeakened"));
    }

    [Fact]
    public async Task A_key_that_is_exposed_with_a_new_edge_certificate_is_not_taken()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no mode.");
        using var files = new EdgeFiles();
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await TestHost.StartAsync(files.Settings, use: MapWhoAmI, time: time);
        var first = await ThumbprintOfAsync(host);

        var second = files.Renew();
        files.SetMode("644");
        await AdvanceUntilAsync(time, () => Task.FromResult(host.Logged("EdgeCertificateReloadFailed")));
        Assert.Equal(first, await ThumbprintOfAsync(host));

        files.SetMode("600");
        await AdvanceUntilAsync(time, async () => await ThumbprintOfAsync(host) == second);
    }

    [Fact]
    public async Task A_new_edge_certificate_is_presented_after_the_clock_was_set_back()
    {
        using var files = new EdgeFiles();
        var time = new ZeroTrust.Tests.Support.SteppedTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await TestHost.StartAsync(files.Settings, use: MapWhoAmI, time: time);
        time.Advance(TimeSpan.FromSeconds(5));
        _ = await ThumbprintOfAsync(host);
        time.Step(TimeSpan.FromHours(-2));
        var second = files.Renew(options => options.NotBefore = TimeProvider.System.GetUtcNow().AddHours(-3));

        await AdvanceUntilAsync(time, async () => await ThumbprintOfAsync(host) == second);
    }

    [Fact]
    public async Task An_edge_certificate_whose_files_became_fifos_is_presented_and_reported()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has none.");
        using var files = new EdgeFiles();
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await TestHost.StartAsync(files.Settings, use: MapWhoAmI, time: time);
        var first = await ThumbprintOfAsync(host);
        File.Delete(files.KeyFile);
        using (var process = System.Diagnostics.Process.Start("mkfifo", files.KeyFile))
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await AdvanceUntilAsync(time, () => Task.FromResult(host.Logged("EdgeCertificateReloadFailed")));
        Assert.Equal(first, await ThumbprintOfAsync(host));
    }

    private static async Task AdvanceUntilAsync(Microsoft.Extensions.Time.Testing.FakeTimeProvider time, Func<Task<bool>> reached)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await reached())
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5), deadline.Token);
        }
    }

    [Fact]
    public async Task A_handshake_that_never_comes_is_cut_off()
    {
        using var mesh = new Mesh();
        var settings = TestHost.MeshListener();
        settings["ZeroTrust:Listeners:mesh:HandshakeTimeout"] = "00:00:00.2";
        await using var host = await TestHost.StartAsync(settings, mesh, use: MapWhoAmI);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host.EndPoint("mesh"), TestContext.Current.CancellationToken);

        Assert.Equal(0, await ReadToEndAsync(socket));
    }

    [Theory]
    [InlineData("Url", "http://127.0.0.1:0", "ZeroTrust:Listeners:mesh:Url: a listener of role Mesh is https")]
    [InlineData("Url", "somewhere", "ZeroTrust:Listeners:mesh:Url:")]
    [InlineData("Url", "", "ZeroTrust:Listeners:mesh:Url:")]
    [InlineData("Url", "https://orders.example:7001", "ZeroTrust:Listeners:mesh:Url: the host 'orders.example'")]
    [InlineData("Url", "https://localhost:0", "ZeroTrust:Listeners:mesh:Url: localhost")]
    [InlineData("Url", "https://127.0.0.1:0/path", "ZeroTrust:Listeners:mesh:Url: has a host")]
    [InlineData("Url", "https://unix:/tmp/socket", "ZeroTrust:Listeners:mesh:Url: has a host")]
    [InlineData("Role", "Backdoor", "ZeroTrust:Listeners:mesh:Role: 'Backdoor' is not one of Edge, Mesh, Probe, Management")]
    [InlineData("Role", "2", "ZeroTrust:Listeners:mesh:Role: '2' is not one of Edge, Mesh, Probe, Management")]
    [InlineData("Role", "", "ZeroTrust:Listeners:mesh:Role:")]
    [InlineData("Role", "Edge", "ZeroTrust:Listeners:mesh:Peers: a listener of role Edge verifies no peers")]
    [InlineData("Protocols", "Http1AndHttp2AndHttp3", "ZeroTrust:Listeners:mesh:Protocols: HTTP/3")]
    [InlineData("Protocols", "Http3", "ZeroTrust:Listeners:mesh:Protocols: HTTP/3")]
    [InlineData("Protocols", "Spdy", "ZeroTrust:Listeners:mesh:Protocols: 'Spdy'")]
    [InlineData("Peers:0", "gateway", "ZeroTrust:Listeners:mesh:Peers:0: 'gateway' is not a workload id")]
    [InlineData("Peers", "spiffe://example.test/a", "ZeroTrust:Listeners:mesh:Peers: is a list")]
    [InlineData("Peer", "spiffe://example.test/a", "ZeroTrust:Listeners:mesh:Peer: is not a setting")]
    [InlineData("ForwardingProxies:0", "ingress", "ZeroTrust:Listeners:mesh:ForwardingProxies:0: 'ingress' is not a workload id")]
    [InlineData("ForwardingProxies", "spiffe://example.test/ingress", "ZeroTrust:Listeners:mesh:ForwardingProxies: is a list")]
    [InlineData("CertificateFile", "edge.pem", "ZeroTrust:Listeners:mesh:CertificateFile: only edge")]
    [InlineData("HandshakeTimeout", "soon", "ZeroTrust:Listeners:mesh:HandshakeTimeout: 'soon' is not a time span")]
    [InlineData("HandshakeTimeout", "00:02:00", "ZeroTrust:Listeners:mesh:HandshakeTimeout: is from")]
    public async Task A_listener_that_is_not_right_stops_the_host(string setting, string value, string error)
    {
        using var mesh = new Mesh();
        var settings = TestHost.MeshListener();
        settings["ZeroTrust:Listeners:mesh:" + setting] = value;

        Assert.Contains(error, await RefusalToStartAsync(settings, mesh), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mesh")]
    [InlineData("Management")]
    public async Task A_role_that_verifies_peers_names_them(string role)
    {
        using var mesh = new Mesh();
        var settings = TestHost.MeshListener(role);
        await using (await TestHost.StartAsync(settings, mesh))
        {
        }

        settings.Remove("ZeroTrust:Listeners:mesh:Peers:0");
        Assert.Contains("ZeroTrust:Listeners:mesh:Peers: ", await RefusalToStartAsync(settings, mesh), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://127.0.0.1:0", "", "ZeroTrust:Listeners:probe:Url: a listener of role Probe is http")]
    [InlineData("http://127.0.0.1:0", "Http1AndHttp2", "ZeroTrust:Listeners:probe:Protocols: plain text")]
    public async Task A_probe_listener_is_plain_and_speaks_one_version(string url, string protocols, string error)
    {
        var settings = TestHost.ProbeListener();
        settings["ZeroTrust:Listeners:probe:Url"] = url;
        settings["ZeroTrust:Listeners:probe:Protocols"] = protocols;

        Assert.Contains(error, await RefusalToStartAsync(settings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CertificateFile", "ZeroTrust:Listeners:edge:KeyFile: is missing")]
    [InlineData("KeyFile", "ZeroTrust:Listeners:edge:CertificateFile: is missing")]
    public async Task An_edge_certificate_needs_its_key(string only, string error)
    {
        using var mesh = new Mesh();
        var settings = TestHost.EdgeListener();
        settings["ZeroTrust:Listeners:edge:" + only] = "missing.pem";

        Assert.Contains(error, await RefusalToStartAsync(settings, mesh), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edge_certificate_that_is_not_there_stops_the_host()
    {
        using var mesh = new Mesh();
        var settings = TestHost.EdgeListener();
        settings["ZeroTrust:Listeners:edge:CertificateFile"] = "missing.pem";
        settings["ZeroTrust:Listeners:edge:KeyFile"] = "missing.key";

        Assert.Contains("ZeroTrust:Listeners:edge:CertificateFile: file not found", await RefusalToStartAsync(settings, mesh), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_is_reported_at_once()
    {
        using var mesh = new Mesh();
        var settings = UnderTest.ToDictionary(role => $"ZeroTrust:Listeners:{role}:Role", role => (string?)role, StringComparer.Ordinal);
        settings["urls"] = "http://127.0.0.1:0";
        settings["Kestrel:Endpoints:extra:Url"] = "http://127.0.0.1:0";

        var error = await RefusalToStartAsync(settings, mesh);

        Assert.All(UnderTest, role => Assert.Contains($"ZeroTrust:Listeners:{role}:Url:", error, StringComparison.Ordinal));
        Assert.Contains("ZeroTrust:Listeners:Mesh:Peers:", error, StringComparison.Ordinal);
        Assert.Contains("ZeroTrust:Listeners:Management:Peers:", error, StringComparison.Ordinal);
        Assert.Contains("urls: 'http://127.0.0.1:0'", error, StringComparison.Ordinal);
        Assert.Contains("Kestrel:Endpoints:extra:", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_of_other_packages_are_reported_with_them()
    {
        var app = TestHost.Build(TestHost.MeshListener("Backdoor"), build: builder => builder.Services.AddZeroTrust().AddMtls());
        await using (app)
        {
            var exception = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync(TestContext.Current.CancellationToken));

            Assert.Contains("ZeroTrust:Listeners:mesh:Role", exception.ToString(), StringComparison.Ordinal);
            Assert.Contains("ZeroTrust:Mtls:TrustDomain", exception.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_service_without_listeners_does_not_start() =>
        Assert.Contains("ZeroTrust:Listeners: no listener is declared", await RefusalToStartAsync(new Dictionary<string, string?>(StringComparer.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public async Task A_listener_that_needs_mtls_says_so_when_it_is_not_added() =>
        Assert.Contains("AddMtls()", await RefusalToStartAsync(TestHost.EdgeListener()), StringComparison.Ordinal);

    [Fact]
    public async Task An_address_asked_for_in_code_stops_the_host()
    {
        var error = await RefusalToStartAsync(TestHost.ProbeListener(), use: app => app.Urls.Add("http://127.0.0.1:0"));

        Assert.Contains("http://127.0.0.1:0 is not declared", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_listen_call_stops_the_host()
    {
        var error = await RefusalToStartAsync(
            TestHost.ProbeListener(),
            build: builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0)));

        Assert.Contains("is not declared", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registering_twice_binds_once()
    {
        await using var host = await TestHost.StartAsync(
            TestHost.ProbeListener(), build: builder => builder.Services.AddZeroTrust().AddListeners(), use: MapWhoAmI);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{host.EndPoint("probe")}") };

        Assert.Equal("probe Probe", await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Code_may_declare_listeners_too()
    {
        await using var host = await TestHost.StartAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal),
            build: builder => builder.Services.AddZeroTrust().AddListeners(options =>
                options.Listeners["probe"] = new ListenerOptions { Url = "http://127.0.0.1:0", Role = ListenerRole.Probe }));

        Assert.NotEqual(0, host.EndPoint("probe").Port);
        Assert.Throws<ArgumentException>(() => host.EndPoint("mesh"));
    }

    private static void MapWhoAmI(WebApplication app) =>
        app.MapGet("/", (HttpContext context) => $"{context.GetListener()?.Name} {context.GetListener()?.Role}")
            .AllowPublic("tells the listener")
            .OnListeners(ListenerRoles.Edge | ListenerRoles.Mesh | ListenerRoles.Probe);

    private static async Task<string> RefusalToStartAsync(
        IDictionary<string, string?> settings,
        Mesh? mesh = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? use = null)
    {
        await using var app = TestHost.Build(settings, mesh, build, use);
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.True(exception is OptionsValidationException or InvalidOperationException, exception.ToString());
        return exception.Message;
    }

    private static async Task<string?> ThumbprintOfAsync(TestHost host)
    {
        string? thumbprint = null;
        using var client = Mesh.Connect(
            host.EndPoint("edge"), certificate: null, connected: stream => thumbprint = stream.RemoteCertificate?.GetCertHashString());
        await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        return thumbprint;
    }

    private static async Task<int> ReadToEndAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken);
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
