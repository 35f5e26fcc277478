using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>Nothing but the declared listeners is bound, whoever asks for it.</summary>
public sealed class UndeclaredAddressTests
{
    private const string Plain = "http://127.0.0.1:0";

    [Theory]
    [InlineData("urls", Plain, "urls: 'http://127.0.0.1:0' is not a declared listener")]
    [InlineData("https_ports", "8443", "https_ports: '8443' is not a declared listener")]
    [InlineData("preferHostingUrls", "true", "preferHostingUrls: 'true' would bind other addresses")]
    [InlineData("preferHostingUrls", "1", "preferHostingUrls: '1' would bind other addresses")]
    [InlineData("Kestrel:Endpoints:extra:Url", Plain, "Kestrel:Endpoints:extra: is not a declared listener")]
    [InlineData("Kestrel:Endpoints:socket:Url", "http://unix:/tmp/zerotrust.sock", "Kestrel:Endpoints:socket: is not a declared listener")]
    public async Task An_address_in_the_configuration_stops_the_host(string setting, string value, string error)
    {
        var settings = TestHost.ProbeListener();
        settings[setting] = value;
        await using var app = TestHost.Build(settings);

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(error, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http", "applicationUrl of the profile 'http' in Properties/launchSettings.json, which 'dotnet run --no-launch-profile'")]
    [InlineData(null, "UseUrls, applicationUrl)")]
    public async Task An_address_of_a_launch_profile_is_told_as_such(string? profile, string source)
    {
        var settings = TestHost.ProbeListener();
        settings["urls"] = Plain;
        settings["LAUNCH_PROFILE"] = profile;
        await using var app = TestHost.Build(settings);

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(source, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_the_web_host_stops_the_host()
    {
        await using var app = TestHost.Build(TestHost.ProbeListener(), build: builder => builder.WebHost.UseUrls(Plain));

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains($"urls: '{Plain}'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_that_are_to_be_preferred_in_code_stop_the_host()
    {
        await using var app = TestHost.Build(TestHost.ProbeListener(), build: builder => builder.WebHost.PreferHostingUrls(true));

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("preferHostingUrls: 'true'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_to_run_on_stops_the_host()
    {
        await using var app = TestHost.Build(TestHost.ProbeListener());
        app.Lifetime.ApplicationStarted.Register(app.Lifetime.StopApplication);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => app.RunAsync("http://127.0.0.1:8123"));
        Assert.Contains("http://127.0.0.1:8123 is not declared", refusal.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Action<KestrelServerOptions>> Listening => new()
    {
        { "http://127.0.0.1:", kestrel => kestrel.Listen(IPAddress.Loopback, 0) },
        { "http://[::]:", kestrel => kestrel.ListenAnyIP(0) },
        { "http://localhost:", kestrel => kestrel.Configure().LocalhostEndpoint(FreePort()) },
        { "http://127.0.0.1:", kestrel => kestrel.Configure().Endpoint(IPAddress.Loopback, 0) },
        { "http://unix:", kestrel => kestrel.ListenUnixSocket(Path.Combine(Path.GetTempPath(), $"zerotrust-{Environment.ProcessId}.sock")) },
    };

    [Theory]
    [MemberData(nameof(Listening), DisableDiscoveryEnumeration = true)]
    public async Task An_address_that_code_listens_on_serves_nothing_and_stops_the_host(string address, Action<KestrelServerOptions> listen)
    {
        var served = 0;
        await using var app = TestHost.Build(
            TestHost.ProbeListener(),
            build: builder => builder.WebHost.ConfigureKestrel(listen),
            use: app => app.MapGet("/", () => Interlocked.Increment(ref served)).AllowPublic("test").OnListeners(ListenerRoles.Probe));

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(address, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("is not declared", refusal.Message, StringComparison.Ordinal);

        // It is bound until the process ends, and even then serves nothing.
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var foreign = bound.Single(other => other.Contains(address, StringComparison.Ordinal) && !IsProbe(app, other));
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            using var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, cancellationToken) => ConnectAsync(foreign, cancellationToken) });
            await client.GetStringAsync(new Uri("http://localhost/"), TestContext.Current.CancellationToken);
        });
        Assert.Equal(0, served);
    }

    [Fact]
    public async Task A_named_pipe_stops_the_host()
    {
        await using var app = TestHost.Build(
            TestHost.ProbeListener(), build: builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenNamedPipe("zerotrust")));

        // Platforms other than Windows have none, and Kestrel says so.
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(OperatingSystem.IsWindows() ? "is not declared" : "Named pipes", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http_ports")]
    [InlineData("HTTP_PORTS")]
    public async Task The_ports_that_container_images_set_are_not_bound(string setting)
    {
        // Held here on every address, so that the start would fail if they were.
        using var held = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        held.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        held.Listen();
        var settings = TestHost.ProbeListener();
        settings[setting] = ((IPEndPoint)held.LocalEndPoint!).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await using var app = TestHost.Build(settings);

        await app.StartAsync(TestContext.Current.CancellationToken);

        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Assert.True(IsProbe(app, Assert.Single(bound)));
    }

    [Fact]
    public async Task Declared_addresses_that_are_not_to_be_replaced_are_bound()
    {
        var settings = TestHost.ProbeListener();
        settings["preferHostingUrls"] = "false";
        await using var host = await TestHost.StartAsync(settings);

        Assert.NotEqual(0, host.EndPoint("probe").Port);
    }

    private static bool IsProbe(WebApplication app, string address) =>
        address == $"http://{app.Services.GetRequiredService<BoundListeners>().GetEndPoint("probe")}";

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async ValueTask<Stream> ConnectAsync(string address, CancellationToken cancellationToken)
    {
        const string unix = "http://unix:";
        EndPoint endPoint = address.StartsWith(unix, StringComparison.Ordinal)
            ? new UnixDomainSocketEndPoint(address[unix.Length..])
            : new IPEndPoint(IPAddress.Loopback, new Uri(address).Port);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(endPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
