using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>A connection to Blazor's hub, by WebSocket or by long polling.</summary>
internal sealed class CircuitConnection(Func<byte[], Task> send, Func<Task<byte[]?>> receive, IDisposable? socket) : IDisposable
{
    private readonly List<byte> _received = [];
    private readonly StringBuilder _seen = new();

    /// <summary>Everything the connection was sent.</summary>
    public string Seen => _seen.ToString();

    public static async Task<CircuitConnection> OpenAsync(TwoTenants tenants, string? caller, bool polling = false)
    {
        using var response = await tenants.SendAsync(
            caller, new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1"));
        response.EnsureSuccessStatusCode();
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var path = "/_blazor?id=" + body.RootElement.GetProperty("connectionToken").GetString();
        var connection = polling ? await PollAsync(tenants, caller, path) : await OpenSocketAsync(tenants, caller, path);
        await connection.ShakeHandsAsync();
        return connection;
    }

    /// <summary>Begins a circuit on the page, as the script of the page does.</summary>
    /// <returns>The secret of the circuit.</returns>
    public async Task<string> StartAsync(TwoTenants tenants, string? caller)
    {
        var page = await tenants.AskAsync(caller, "/circuit");
        var marker = "{\"type\":\"server\"" + Between(page, "<!--Blazor:{\"type\":\"server\"", "-->");
        var state = Between(page, "Blazor-Server-Component-State:", "-->");
        var secret = await InvokeAsync("StartCircuit", "https://localhost/", "https://localhost/circuit", $"[{marker}]", state);
        Assert.True(secret.Length > 20, $"No circuit: {secret} {page} {Seen}");
        while (!Seen.Contains("balance of", StringComparison.Ordinal))
        {
            Assert.True(await ReadAsync(), $"Nothing was rendered: {Seen}");
        }

        return secret;
    }

    public Task<string> ConnectAsync(string secret) => InvokeAsync("ConnectCircuit", secret);

    public Task<string> ResumeAsync(string secret) =>
        InvokeAsync("ResumeCircuit", secret, "https://localhost/", "https://localhost/circuit", "[]", string.Empty);

    public void Dispose() => socket?.Dispose();

    public async Task<string> InvokeAsync(string method, params string[] arguments)
    {
        await send(CircuitMessages.Invoke("1", method, arguments));
        while (true)
        {
            if (CircuitMessages.TakeAnswer(_received) is { } answer)
            {
                return answer;
            }

            if (!await ReadAsync())
            {
                return "closed";
            }
        }
    }

    private static async Task<CircuitConnection> OpenSocketAsync(TwoTenants tenants, string? caller, string path)
    {
        var socket = new ClientWebSocket();
        if (caller is not null)
        {
            var context = tenants.ContextOf(caller);
            socket.Options.SetRequestHeader(TxnHeaderNames.Token, context.Token);
            socket.Options.SetRequestHeader(TxnHeaderNames.Chain, context.Chain);
            socket.Options.SetRequestHeader(TxnHeaderNames.Certs, context.Certs);
        }

        await socket.ConnectAsync(
            new Uri($"wss://{tenants.Host.EndPointOf("mesh")}{path}"), tenants.Client, TestContext.Current.CancellationToken);
        var buffer = new byte[16_384];
        return new CircuitConnection(
            bytes => socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, TestContext.Current.CancellationToken),
            async () =>
            {
                var received = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
                return received.MessageType == WebSocketMessageType.Close ? null : buffer[..received.Count];
            },
            socket);
    }

    private static async Task<CircuitConnection> PollAsync(TwoTenants tenants, string? caller, string path)
    {
        await tenants.AskAsync(caller, path);
        return new CircuitConnection(
            async bytes =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(bytes) };
                using var response = await tenants.SendAsync(caller, request);
                response.EnsureSuccessStatusCode();
            },
            async () =>
            {
                using var response = await tenants.SendAsync(caller, Requests.Get(path));
                return response.StatusCode == System.Net.HttpStatusCode.OK
                    ? await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)
                    : null;
            },
            socket: null);
    }

    private static string Between(string text, string start, string end)
    {
        var from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private async Task ShakeHandsAsync()
    {
        await send(Encoding.UTF8.GetBytes(CircuitMessages.Handshake));
        while (!_received.Contains(0x1e))
        {
            Assert.True(await ReadAsync(), "The handshake was not answered.");
        }

        _received.RemoveRange(0, _received.IndexOf(0x1e) + 1);
    }

    private async Task<bool> ReadAsync()
    {
        if (await receive() is not { } bytes)
        {
            return false;
        }

        _received.AddRange(bytes);
        _seen.Append(Encoding.UTF8.GetString(bytes));
        return true;
    }
}
