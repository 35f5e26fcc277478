using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore.Proxies;
using static ZeroTrust.AspNetCore.Tests.Proxies.BelievingHost;

namespace ZeroTrust.AspNetCore.Tests.Proxies;

/// <summary>The framework's <c>AllowedHosts</c> is compared with the host that the application sees, and its own 400 leaves.</summary>
public sealed class AllowedHostsTests : IDisposable
{
    private readonly ProxiedMesh _peers = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _peers.Dispose();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_believed_host_is_the_one_that_is_compared(string version)
    {
        await using var host = await StartAsync("shop.example");
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy, Version.Parse(version));

        Assert.Equal("https shop.example 127.0.0.1;", await AskAsync(http, ("X-Forwarded-Host", "shop.example")));
        Assert.Equal(400, await StatusAsync(http));
        Assert.Equal(400, await StatusAsync(http, ("X-Forwarded-Host", "evil.example")));
        AssertNoFault(host);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_host_that_nobody_is_believed_about_is_compared_as_it_came(string version)
    {
        await using var host = await StartAsync("shop.example;localhost");
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Client, Version.Parse(version));

        Assert.Equal("https localhost 127.0.0.1;", await AskAsync(http, ("X-Forwarded-Host", "evil.example")));
        Assert.Equal(400, await StatusAsync(http, ("Host", "evil.example"), ("X-Forwarded-Host", "shop.example")));
        AssertNoFault(host);
    }

    [Theory]
    [InlineData("mesh")]
    [InlineData("edge")]
    [InlineData("probe")]
    [InlineData("admin")]
    public async Task A_host_that_is_not_allowed_gets_the_frameworks_answer_on_every_listener(string listener)
    {
        await using var host = await StartAsync("shop.example", settings =>
        {
            foreach (var (key, value) in TestHost.MeshListener("Management", "admin"))
            {
                settings[key] = value;
            }
        });
        using var http = listener switch
        {
            "probe" => new HttpClient { BaseAddress = new Uri($"http://{host.EndPoint("probe")}") },
            "edge" => Mesh.Connect(host.EndPoint("edge"), certificate: null),
            _ => Mesh.Connect(host.EndPoint(listener), _peers.Client),
        };

        Assert.Equal(400, await StatusAsync(http, ("Host", "evil.example")));
        Assert.Equal(200, await StatusAsync(http, ("Host", "shop.example")));
        AssertNoFault(host);
    }

    [Fact]
    public async Task A_flood_of_other_hosts_is_no_fault_of_the_server()
    {
        await using var host = await StartAsync("shop.example");
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Client);
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(400, await StatusAsync(http, ("Host", $"h{i}.example")));
        }

        AssertNoFault(host);
    }

    [Fact]
    public async Task The_applications_own_filtering_and_a_request_that_runs_again_see_the_believed_host()
    {
        await using var host = await StartAsync(
            "shop.example",
            build: builder => builder.Services.AddProblemDetails(),
            use: app =>
            {
                app.UseExceptionHandler("/");
                app.UseHostFiltering();
                app.MapGet("/fails", string () => throw new InvalidOperationException("test")).AllowPublic("test");
            });
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy);

        Assert.Equal("https shop.example 127.0.0.1;", await AskAsync(http, ("X-Forwarded-Host", "shop.example")));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/fails", UriKind.Relative));
        request.Headers.Host = "localhost";
        request.Headers.Add("X-Forwarded-Host", "shop.example");
        using var response = await http.SendAsync(request, Cancelled);

        Assert.Equal(500, (int)response.StatusCode);
        Assert.Equal("https shop.example 127.0.0.1;", await response.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(400, await StatusAsync(http));
        Assert.False(host.Logged("ResponseUndecided"));
    }

    [Fact]
    public async Task Hosts_that_code_allows_are_compared_alike()
    {
        await using var host = await StartAsync(
            allowed: null,
            build: builder => builder.Services.Configure<HostFilteringOptions>(options => options.AllowedHosts = ["shop.example"]));
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy);

        Assert.Equal("https shop.example 127.0.0.1;", await AskAsync(http, ("X-Forwarded-Host", "shop.example")));
        Assert.Equal(400, await StatusAsync(http));
        AssertNoFault(host);
    }

    [Fact]
    public async Task A_believed_host_that_is_not_allowed_stops_the_host()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync("orders.shop.svc"));

        Assert.Contains(
            "ZeroTrust:Listeners:mesh:ForwardedHosts:0: 'shop.example' is not within AllowedHosts",
            exception.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shop.example", "*", true)]
    [InlineData("shop.example", "[::]", true)]
    [InlineData("shop.example", "SHOP.example", true)]
    [InlineData("shop.example", "*.example", true)]
    [InlineData("*.shop.example", "*.shop.example", true)]
    [InlineData("*.shop.example", "*.example", true)]
    [InlineData("bücher.example", "xn--bcher-kva.example", true)]
    [InlineData("shop.example", "*.shop.example", false)]
    [InlineData("*.shop.example", "shop.example", false)]
    [InlineData("*.example", "*.shop.example", false)]
    [InlineData("evilshop.example", "*.shop.example", false)]
    [InlineData("shop.example", "orders.shop.svc", false)]
    public void A_name_is_covered_where_each_host_it_stands_for_is_allowed(string name, string allowed, bool isCovered)
    {
        Assert.Equal(isCovered, new AllowedHostNames(["other.example", allowed]).Covers(name));
        Assert.True(new AllowedHostNames([]).Covers(name));
    }

    [Theory]
    [InlineData("bücher.example", true)]
    [InlineData("[::1]", true)]
    [InlineData("shop.example:8443", false)]
    [InlineData("b\u00fc..example", false)]
    public async Task A_believed_host_is_a_name_without_a_port(string name, bool isName)
    {
        var start = StartAsync(allowed: null, settings => settings["ZeroTrust:Listeners:mesh:ForwardedHosts:0"] = name);
        if (isName)
        {
            await (await start).DisposeAsync();
            return;
        }

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => start);
        Assert.Contains("ZeroTrust:Listeners:mesh:ForwardedHosts:0: is a host name", exception.Message, StringComparison.Ordinal);
    }

    private static void AssertNoFault(TestHost host)
    {
        Assert.DoesNotContain(
            host.Logs.GetSnapshot(), record => record.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
        Assert.False(host.Logged("ResponseUndecided"));
    }

    private static async Task<int> StatusAsync(HttpClient http, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative))
        {
            Version = http.DefaultRequestVersion,
            VersionPolicy = http.DefaultVersionPolicy,
        };
        request.Headers.Host = "localhost";
        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await http.SendAsync(request, Cancelled);
        return (int)response.StatusCode;
    }

    private Task<TestHost> StartAsync(
        string? allowed,
        Action<Dictionary<string, string?>>? change = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? use = null) => BelievingHost.StartAsync(
            _peers.Mesh,
            settings =>
            {
                settings["AllowedHosts"] = allowed;
                change?.Invoke(settings);
            },
            build,
            use);
}
