using System.Diagnostics.Metrics;
using System.Net.Security;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using static ZeroTrust.AspNetCore.Tests.Proxies.BelievingHost;

namespace ZeroTrust.AspNetCore.Tests.Proxies;

/// <summary>What X-Forwarded-* do to a request: nothing, but from a listed proxy what its listener believes.</summary>
public sealed class BelievedHeadersTests : IDisposable
{
    private const string Direct = "https localhost 127.0.0.1;";

    private readonly ProxiedMesh _peers = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _peers.Dispose();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_listed_proxy_is_believed(string version)
    {
        await using var host = await StartAsync();
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy, Version.Parse(version));

        Assert.Equal(
            "http shop.example 203.0.113.7;",
            await AskAsync(http, ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "http"), ("X-Forwarded-Host", "shop.example")));
        Assert.Equal(Direct, await AskAsync(http));
        Assert.False(host.Logged("ForwardedHeaderStripped"));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_peer_that_is_no_proxy_is_not_believed_and_it_is_told(string version)
    {
        await using var host = await StartAsync();
        using var stripped = new MetricCollector<long>(
            host.Services.GetRequiredService<IMeterFactory>(), "ZeroTrust.AspNetCore", "zerotrust.aspnetcore.forwarded_headers.stripped");
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Client, Version.Parse(version));

        Assert.Equal(
            Direct,
            await AskAsync(
                http,
                ("X-Forwarded-For", "203.0.113.7"),
                ("X-Forwarded-Proto", "http"),
                ("X-Forwarded-Host", "shop.example"),
                ("X-Real-IP", "1.2.3.4")));

        var told = await host.WaitForEventAsync("ForwardedHeaderStripped");
        Assert.Equal(Mesh.Client, told.GetStructuredStateValue("Peer"));
        Assert.Equal("x-forwarded-for, x-forwarded-host, x-forwarded-proto, x-real-ip", told.GetStructuredStateValue("Headers"));
        Assert.Equal(4, stripped.GetMeasurementSnapshot().Count);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("x_forwarded_for")]
    [InlineData("X.Forwarded.For")]
    [InlineData("Forwarded")]
    [InlineData("X-Real-IP")]
    [InlineData("True-Client-IP")]
    [InlineData("CF-Connecting-IP")]
    [InlineData("X-Client-IP")]
    [InlineData("X-Original-For")]
    [InlineData("X-Original-Host")]
    [InlineData("X-Forwarded-Prefix")]
    [InlineData("X-Forwarded-Port")]
    public async Task A_header_reaches_no_application_from_anybody(string name)
    {
        await using var host = await StartAsync();
        using var direct = Mesh.Connect(host.EndPoint("mesh"), _peers.Client);
        using var edge = Mesh.Connect(host.EndPoint("edge"), certificate: null);
        using var plain = new HttpClient { BaseAddress = new Uri($"http://{host.EndPoint("probe")}") };

        Assert.Equal(Direct, await AskAsync(direct, (name, "203.0.113.7")));
        Assert.Equal(Direct, await AskAsync(edge, (name, "203.0.113.7")));
        Assert.Equal($"http {host.EndPoint("probe")} 127.0.0.1;", await AskAsync(plain, (name, "203.0.113.7")));
        Assert.Equal(3, host.Logs.GetSnapshot().Count(record => record.Id.Name == "ForwardedHeaderStripped"));
    }

    [Theory]
    [InlineData("x_forwarded_for")]
    [InlineData("Forwarded")]
    [InlineData("X-Real-IP")]
    [InlineData("X-Forwarded-Prefix")]
    public async Task What_a_client_wrote_in_another_spelling_is_not_the_proxys_word(string name)
    {
        await using var host = await StartAsync();
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy);

        Assert.Equal("https localhost 203.0.113.7;", await AskAsync(http, ("X-Forwarded-For", "203.0.113.7"), (name, "198.51.100.9")));
        Assert.Equal(Direct, await AskAsync(http, (name, "198.51.100.9")));
    }

    [Fact]
    public async Task The_nearest_entry_is_read_alone_and_the_others_are_gone()
    {
        await using var host = await StartAsync(use: app => app.UseForwardedHeaders(Everyone()));
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy);

        Assert.Equal("https localhost 203.0.113.7;", await AskAsync(http, ("X-Forwarded-For", "198.51.100.9, 127.0.0.1, 203.0.113.7")));
        Assert.Equal(
            "https localhost 203.0.113.7;", await AskAsync(http, ("X-Forwarded-For", "198.51.100.9"), ("X-Forwarded-For", "203.0.113.7")));
        Assert.Equal(
            "http localhost 203.0.113.7;", await AskAsync(http, ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https, http")));
    }

    [Fact]
    public async Task The_applications_own_reader_and_its_variable_find_nothing()
    {
        await using var host = await StartAsync(
            build: builder =>
            {
                // What ASPNETCORE_FORWARDEDHEADERS_ENABLED does: first of the start-up filters, believing everyone.
                builder.Services.Insert(0, ServiceDescriptor.Singleton<Microsoft.AspNetCore.Hosting.IStartupFilter, EveryonesFilter>());
            },
            use: app => app.UseForwardedHeaders(Everyone()));
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Client);

        Assert.Equal(
            Direct,
            await AskAsync(http, ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "http"), ("X-Forwarded-Host", "evil.example")));
        Assert.True(host.Logged("ForwardedHeaderStripped"));
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("unknown")]
    [InlineData("")]
    [InlineData("203.0.113.7, ")]
    [InlineData(", ,")]
    public async Task An_entry_that_is_no_address_changes_nothing(string value)
    {
        await using var host = await StartAsync();
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy);

        var answer = await AskAsync(http, ("X-Forwarded-For", value));

        Assert.True(answer is Direct or "https localhost 203.0.113.7;", answer);
    }

    [Theory]
    [InlineData("evil.example", "localhost")]
    [InlineData("shop.example:8443", "shop.example:8443")]
    [InlineData("a.shops.example", "a.shops.example")]
    [InlineData("shop.example.evil.example", "localhost")]
    [InlineData("shop.example/path", "localhost")]
    public async Task A_host_that_is_not_allowed_is_not_believed(string forwarded, string believed)
    {
        await using var host = await StartAsync(settings => settings["ZeroTrust:Listeners:mesh:ForwardedHosts:1"] = "*.shops.example");
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy);

        Assert.Equal($"https {believed} 127.0.0.1;", await AskAsync(http, ("X-Forwarded-Host", forwarded)));
    }

    [Fact]
    public async Task What_is_not_named_is_not_believed_of_a_proxy_either()
    {
        await using var host = await StartAsync(settings =>
        {
            settings.Remove("ZeroTrust:Listeners:mesh:ForwardedHeaders:1");
            settings.Remove("ZeroTrust:Listeners:mesh:ForwardedHeaders:2");
            settings.Remove("ZeroTrust:Listeners:mesh:ForwardedHosts:0");
        });
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy);

        Assert.Equal(
            "https localhost 203.0.113.7;",
            await AskAsync(http, ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "http"), ("X-Forwarded-Host", "shop.example")));
    }

    [Fact]
    public async Task A_proxy_of_another_listener_is_not_believed()
    {
        await using var host = await StartAsync(settings =>
        {
            foreach (var (key, value) in TestHost.MeshListener("Management", "admin"))
            {
                settings[key] = value;
            }

            settings["ZeroTrust:Listeners:admin:Peers:1"] = Proxy;
        });
        using var http = Mesh.Connect(host.EndPoint("admin"), _peers.Proxy);

        Assert.Equal(Direct, await AskAsync(http, ("X-Forwarded-For", "203.0.113.7")));
    }

    [Fact]
    public async Task An_edge_listener_believes_its_addresses_alone()
    {
        await using var host = await StartAsync();
        using var listed = FromAddress.Connect(host.EndPoint("edge"), FromAddress.Loopback(number: 5));
        using var unlisted = FromAddress.Connect(host.EndPoint("edge"), FromAddress.Loopback(number: 6));
        var authority = host.EndPoint("edge");

        Assert.Equal($"https {authority} 203.0.113.7;", await AskAsync(listed, ("X-Forwarded-For", "203.0.113.7")));
        Assert.Equal($"https {authority} 127.9.0.6;", await AskAsync(unlisted, ("X-Forwarded-For", "127.9.0.5")));
    }

    [Fact]
    public async Task An_address_that_a_header_told_is_no_proxys_address()
    {
        await using var host = await StartAsync();
        using var unlisted = FromAddress.Connect(host.EndPoint("edge"), FromAddress.Loopback(number: 6));

        Assert.Equal(
            $"https {host.EndPoint("edge")} 127.9.0.6;",
            await AskAsync(unlisted, ("X-Forwarded-For", "203.0.113.7, 127.9.0.5"), ("X-Real-IP", "127.9.0.5")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_trailer_never_reaches_the_application(bool isProxy)
    {
        await using var host = await StartAsync();
        await using var stream = await Mesh.OpenAsync(
            host.EndPoint("mesh"),
            (isProxy ? _peers.Proxy : _peers.Client).ToCredential().CertificateContext,
            SslApplicationProtocol.Http11,
            Cancelled);
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                "POST /trailers HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\na\r\n0\r\n"
                + "X-Forwarded-For: 203.0.113.7\r\nx_real_ip: 1.2.3.4\r\nx-checksum: 1\r\n\r\n"),
            Cancelled);
        using var reader = new StreamReader(stream);

        Assert.Contains("trailers: x-checksum\r\n", await reader.ReadToEndAsync(Cancelled) + "\r\n", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_told_by_who_is_connected_and_not_by_what_a_header_says()
    {
        await using var host = await StartAsync(time: new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        using var http = FromAddress.Connect(host.EndPoint("edge"), FromAddress.Loopback(number: 6));
        for (var i = 0; i < 40; i++)
        {
            await AskAsync(http, ("X-Forwarded-For", $"203.0.113.{i}"));
        }

        // What one caller may write in a second.
        Assert.Equal(20, host.Logs.GetSnapshot().Count(record => record.Id.Name == "ForwardedHeaderStripped"));
    }

    [Fact]
    public async Task What_code_leaves_with_a_reason_reaches_the_application()
    {
        await using var host = await StartAsync(
            build: builder => builder.Services.AddZeroTrust().DangerousListeners(
                d => d.AllowForwardedHeader("X-Forwarded-User", "shown, never believed")));
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Client);

        Assert.Equal($"{Direct}X-Forwarded-User", await AskAsync(http, ("X-Forwarded-User", "alice"), ("X-Forwarded-Email", "alice")));
        Assert.Equal(
            "aspnetcore.forwarded_header:x-forwarded-user",
            (await host.WaitForEventAsync("ListenerCheckWeakened")).GetStructuredStateValue("Weakening"));
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("x_forwarded_host")]
    [InlineData("X-Forwarded-*")]
    public void The_headers_that_a_setting_believes_cannot_be_left(string name) =>
        Assert.Throws<ArgumentException>(
            () => new ServiceCollection().AddZeroTrust().DangerousListeners(d => d.AllowForwardedHeader(name, "why")));

    [Theory]
    [InlineData("mesh", "ForwardedHeaders:0", "Port", "ForwardedHeaders:0: 'Port' is not For, Proto or Host")]
    [InlineData("mesh", "ForwardedHeadersFrom:0", "10.0.0.0/8", "ForwardedHeadersFrom: is for edge")]
    [InlineData("mesh", "ForwardedHosts:0", "*", "ForwardedHosts:0: is a host name")]
    [InlineData("mesh", "ForwardedHosts:0", null, "ForwardedHosts: names the hosts")]
    [InlineData("mesh", "ForwardingProxies:0", null, "ForwardedHeaders: needs the proxies")]
    [InlineData("edge", "ForwardedHeaders:0", null, "ForwardedHeadersFrom: needs ForwardedHeaders")]
    [InlineData("edge", "ForwardedHeadersFrom:0", null, "ForwardedHeaders: needs the proxies")]
    [InlineData("edge", "ForwardedHeadersFrom:0", "::/0", "ForwardedHeadersFrom:0: '::/0' is every address")]
    [InlineData("edge", "ForwardedHosts:0", "shop.example", "ForwardedHosts: needs Host")]
    [InlineData("probe", "ForwardedHeaders:0", "For", "ForwardedHeaders: needs the proxies")]
    public async Task A_setting_that_cannot_be_stops_the_host(string listener, string setting, string? value, string error)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(settings =>
        {
            if (value is null)
            {
                settings.Remove($"ZeroTrust:Listeners:{listener}:{setting}");
            }
            else
            {
                settings[$"ZeroTrust:Listeners:{listener}:{setting}"] = value;
            }
        }));

        Assert.Contains($"ZeroTrust:Listeners:{listener}:{error}", exception.Message, StringComparison.Ordinal);
    }

    private static ForwardedHeadersOptions Everyone()
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        return options;
    }

    private Task<TestHost> StartAsync(
        Action<Dictionary<string, string?>>? change = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? use = null,
        TimeProvider? time = null) => BelievingHost.StartAsync(_peers.Mesh, change, build, use, time);

    private sealed class EveryonesFilter : Microsoft.AspNetCore.Hosting.IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseForwardedHeaders(Everyone());
            next(app);
        };
    }
}
