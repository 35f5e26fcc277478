using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>A SignalR client of few words, so that each of its requests can be sent by another caller.</summary>
internal sealed class HubConnection(TwoTenants tenants, string id)
{
    private const char End = '\u001e';

    private static string Handshake => "{\"protocol\":\"json\",\"version\":1}" + End;

    private static string Ask => "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Who\",\"arguments\":[]}" + End;

    public string Path => "/who?id=" + id;

    public static async Task<HubConnection> NegotiateAsync(TwoTenants tenants, string caller, int version = 1)
    {
        using var response = await tenants.SendAsync(
            caller, new HttpRequestMessage(HttpMethod.Post, $"/who/negotiate?negotiateVersion={version}"));
        response.EnsureSuccessStatusCode();
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return new HubConnection(tenants, body.RootElement.GetProperty(version == 0 ? "connectionId" : "connectionToken").GetString()!);
    }

    public Task<string> PollAsync(string? caller) => tenants.AskAsync(caller, Path);

    public Task<string> ShakeHandsAsync(string caller) => SendAsync(caller, Handshake);

    public Task<string> AskAsync(string? caller) => SendAsync(caller, Ask);

    public Task<string> SendAsync(string? caller, string text) =>
        tenants.AskAsync(caller, new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(text) });

    public Task<string> EndAsync(string? caller) => tenants.AskAsync(caller, new HttpRequestMessage(HttpMethod.Delete, Path));

    /// <summary>Polls until the hub has answered, or a poll is refused.</summary>
    public async Task<string> PollAnswerAsync(string caller)
    {
        while (true)
        {
            var polled = await PollAsync(caller);
            if (!polled.StartsWith("200", StringComparison.Ordinal) || FindAnswer(polled) is not null)
            {
                return FindAnswer(polled) ?? polled;
            }
        }
    }

    /// <summary>Listens by server-sent events.</summary>
    public async Task<(HttpResponseMessage Response, StreamReader Events)> ListenAsync(string caller)
    {
        var request = Requests.Get(Path, tenants.ContextOf(caller)).With("Accept", "text/event-stream");
        var response = await tenants.Client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return (response, new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    public static async Task<string> ReadAnswerAsync(StreamReader events)
    {
        while (await events.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (FindAnswer(line) is { } answer)
            {
                return answer;
            }
        }

        return "ended";
    }

    /// <summary>Does all of it over a WebSocket.</summary>
    public async Task<string> AskByWebSocketAsync(string caller)
    {
        using var socket = new ClientWebSocket();
        var context = tenants.ContextOf(caller);
        socket.Options.SetRequestHeader(TxnHeaderNames.Token, context.Token);
        socket.Options.SetRequestHeader(TxnHeaderNames.Chain, context.Chain);
        socket.Options.SetRequestHeader(TxnHeaderNames.Certs, context.Certs);
        try
        {
            await socket.ConnectAsync(
                new Uri($"wss://{tenants.Host.EndPointOf("mesh")}{Path}"), tenants.Client, TestContext.Current.CancellationToken);
        }
        catch (WebSocketException exception)
        {
            return exception.WebSocketErrorCode.ToString();
        }

        await SendAsync(socket, Handshake);
        await SendAsync(socket, Ask);
        var buffer = new byte[4096];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return "closed";
            }

            if (FindAnswer(Encoding.UTF8.GetString(buffer, 0, received.Count)) is { } answer)
            {
                return answer;
            }
        }
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(
            Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    private static string? FindAnswer(string text) =>
        text.Split("\"result\":\"") is [_, var rest] ? rest[..rest.IndexOf('"', StringComparison.Ordinal)] : null;
}
