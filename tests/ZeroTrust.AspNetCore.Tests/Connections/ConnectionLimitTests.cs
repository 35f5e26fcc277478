using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;

namespace ZeroTrust.AspNetCore.Tests.Connections;

public sealed class ConnectionLimitTests
{
    private const int Limit = 3;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Whoever holds as many connections open as there may be keeps nobody out.</summary>
    [Fact]
    public async Task Idle_connections_make_room_for_a_prober()
    {
        await using var host = await StartAsync(Limit);
        var idle = new List<TcpClient>();
        for (var i = 0; i < Limit; i++)
        {
            idle.Add(await ConnectAsync(host));
            await AskAsync(idle[i]);
        }

        using var prober = await ConnectAsync(host);

        Assert.Contains("200 OK", await AskAsync(prober), StringComparison.Ordinal);
        Assert.True(await IsClosedAsync(idle[0]));
        Assert.Contains("200 OK", await AskAsync(idle[1]), StringComparison.Ordinal);
        await host.WaitForEventAsync("ConnectionEvicted");
        idle.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task As_many_as_are_allowed_are_left_alone()
    {
        await using var host = await StartAsync(Limit);
        var open = new List<TcpClient>();
        for (var i = 0; i < Limit; i++)
        {
            open.Add(await ConnectAsync(host));
            await AskAsync(open[i]);
        }

        foreach (var client in open)
        {
            Assert.Contains("200 OK", await AskAsync(client), StringComparison.Ordinal);
            client.Dispose();
        }

        Assert.False(host.Logged("ConnectionEvicted"));
    }

    [Fact]
    public async Task A_connection_that_ended_gives_its_place_back()
    {
        await using var host = await StartAsync(Limit);
        for (var i = 0; i < Limit * 5; i++)
        {
            using var client = await ConnectAsync(host);
            Assert.Contains("200 OK", await AskAsync(client, close: true), StringComparison.Ordinal);
            Assert.True(await IsClosedAsync(client));
        }

        Assert.False(host.Logged("ConnectionEvicted"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("100001")]
    [InlineData("many")]
    public async Task A_limit_that_is_none_stops_the_host(string limit)
    {
        var settings = TestHost.ProbeListener();
        settings["ZeroTrust:Listeners:probe:MaxConnections"] = limit;

        var exception = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => TestHost.StartAsync(settings));

        Assert.Contains("ZeroTrust:Listeners:probe:MaxConnections", exception.Message, StringComparison.Ordinal);
    }

    private static Task<TestHost> StartAsync(int limit)
    {
        var settings = TestHost.ProbeListener();
        settings["ZeroTrust:Listeners:probe:MaxConnections"] = limit.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return TestHost.StartAsync(settings, use: app => app.MapGet("/", () => "up").AllowPublic("test").OnListeners(ListenerRoles.Probe));
    }

    private static async Task<TcpClient> ConnectAsync(TestHost host)
    {
        var client = new TcpClient();
        await client.ConnectAsync(host.EndPoint("probe"), Cancelled);
        return client;
    }

    private static async Task<string> AskAsync(TcpClient client, bool close = false)
    {
        var request = $"GET / HTTP/1.1\r\nHost: test\r\n{(close ? "Connection: close\r\n" : string.Empty)}\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Cancelled);
        var buffer = new byte[4096];
        var text = string.Empty;
        while (!text.Contains("\r\n\r\n", StringComparison.Ordinal)
            || !text.EndsWith("up", StringComparison.Ordinal) && !text.EndsWith("0\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await client.GetStream().ReadAsync(buffer, Cancelled);
            if (read == 0)
            {
                break;
            }

            text += Encoding.ASCII.GetString(buffer, 0, read);
        }

        return text;
    }

    private static async Task<bool> IsClosedAsync(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1], Cancelled) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
