using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>Handshakes at once are capped, on every role that has them.</summary>
public sealed class HandshakeGateTests
{
    [Theory]
    [InlineData("Mesh")]
    [InlineData("Edge")]
    public async Task Half_open_handshakes_keep_others_waiting_and_then_out_until_one_ends(string role)
    {
        using var mesh = new Mesh();
        var settings = role == "Mesh" ? TestHost.MeshListener(name: "door") : TestHost.EdgeListener();
        var name = role == "Mesh" ? "door" : "edge";
        settings[$"ZeroTrust:Listeners:{name}:MaxConcurrentHandshakes"] = "1";
        settings[$"ZeroTrust:Listeners:{name}:HandshakeTimeout"] = "00:01:00";
        await using var host = await TestHost.StartAsync(settings, mesh, use: app => app.MapGet("/", () => "ok").AllowPublic("test"));
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        using var first = await OpenAsync(host.EndPoint(name));
        using var second = await OpenAsync(host.EndPoint(name));

        // Who is third is closed without a byte read: one place and one place to wait are taken.
        Assert.False(await Mesh.IsAnsweredAsync(host.EndPoint(name), certificate, TestContext.Current.CancellationToken));
        var refused = await host.WaitForEventAsync("PeerRefused");
        Assert.Equal("aspnetcore.handshakes_exceeded", refused.GetStructuredStateValue("error.type"));

        first.Close();
        second.Close();
        using var client = Mesh.Connect(host.EndPoint(name), certificate);
        Assert.Equal("ok", await UntilAdmittedAsync(client));
    }

    [Fact]
    public async Task A_finished_handshake_takes_no_place()
    {
        using var mesh = new Mesh();
        var settings = TestHost.MeshListener();
        settings["ZeroTrust:Listeners:mesh:MaxConcurrentHandshakes"] = "1";
        await using var host = await TestHost.StartAsync(settings, mesh, use: app => app.MapGet("/", () => "ok").RequirePeer());
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        var clients = Enumerable.Range(0, 4).Select(_ => Mesh.Connect(host.EndPoint("mesh"), certificate, HttpVersion.Version20)).ToArray();
        foreach (var client in clients)
        {
            Assert.Equal("ok", await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
        }

        Array.ForEach(clients, client => client.Dispose());
    }

    [Theory]
    [InlineData("MaxConcurrentHandshakes", "0", "is from 1 to 10000.")]
    [InlineData("MaxConcurrentHandshakes", "10001", "is from 1 to 10000.")]
    [InlineData("MaxConcurrentHandshakes", "many", "'many' is not a number.")]
    [InlineData("RotationDrain", "00:10:01", "is from 00:00:00 to 00:10:00.")]
    [InlineData("RotationDrain", "soon", "'soon' is not a time span.")]
    [InlineData("AllowResumption", "perhaps", "'perhaps' is neither true nor false.")]
    public async Task A_setting_out_of_its_range_stops_the_host(string setting, string value, string error)
    {
        using var mesh = new Mesh();
        var settings = TestHost.MeshListener();
        settings[$"ZeroTrust:Listeners:mesh:{setting}"] = value;

        var exception = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => TestHost.StartAsync(settings, mesh));

        Assert.Contains($"ZeroTrust:Listeners:mesh:{setting}: {error}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_without_peers_resumes_nothing()
    {
        using var mesh = new Mesh();
        var settings = TestHost.EdgeListener();
        settings["ZeroTrust:Listeners:edge:AllowResumption"] = "true";

        var exception = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => TestHost.StartAsync(settings, mesh));

        Assert.Contains("ZeroTrust:Listeners:edge:AllowResumption", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<Socket> OpenAsync(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint, TestContext.Current.CancellationToken);
        return socket;
    }

    // The server learns of a closed socket in its own time.
    private static async Task<string> UntilAdmittedAsync(HttpClient client)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
            }
            catch (HttpRequestException) when (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
            }
        }
    }
}
