using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Grpc.Net.Client;
using ZeroTrust.Samples.Orders.Protos;
using ZeroTrust.Testing;

namespace ZeroTrust.IntegrationTests.Proxies;

/// <summary>A plain client of the platform in front of a proxy: presents its certificates and believes any server.</summary>
internal sealed class ProxyClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly GrpcChannel _grpc;

    public ProxyClient(IPEndPoint proxy, TestCertificate certificate, Version version, IPAddress? from = null, bool resumes = false)
    {
        _http = new HttpClient(NewHandler(certificate, from, resumes))
        {
            BaseAddress = new Uri($"https://localhost:{proxy.Port}"),
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        _grpc = GrpcChannel.ForAddress(
            _http.BaseAddress, new GrpcChannelOptions { HttpHandler = NewHandler(certificate, from, resumes), DisposeHttpClient = true });
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The address that the client knows.</summary>
    public Uri Address => _http.BaseAddress!;

    /// <returns>The answer, or status and code of the refusal.</returns>
    public async Task<string> AskAsync(params (string Name, string Value)[] headers)
    {
        using var request = Request(HttpMethod.Get, "/", headers);
        return await SendAsync(request);
    }

    public async Task<string> PostAsync(int length)
    {
        using var request = Request(HttpMethod.Post, "/echo", []);
        request.Content = new StringContent(new string('a', length));
        return await SendAsync(request);
    }

    public async Task<string> CallAsync(params (string Name, string Value)[] headers)
    {
        var metadata = new Grpc.Core.Metadata();
        Array.ForEach(headers, header => metadata.Add(header.Name, header.Value));
        var order = await new OrderBook.OrderBookClient(_grpc).GetOrderAsync(
            new GetOrderRequest { OrderId = "1" }, metadata, cancellationToken: Cancelled);
        return order.Product;
    }

    /// <returns>The link that the service makes, asked over HTTP.</returns>
    public async Task<string> AskLinkAsync()
    {
        using var request = Request(HttpMethod.Get, "/link", []);
        return await SendAsync(request);
    }

    /// <returns>The link that the service makes, asked over gRPC.</returns>
    public async Task<string> CallLinkAsync()
    {
        var order = await new OrderBook.OrderBookClient(_grpc).GetOrderAsync(
            new GetOrderRequest { OrderId = "link" }, cancellationToken: Cancelled);
        return order.Product;
    }

    /// <returns>What came back over a WebSocket.</returns>
    public async Task<string> EchoAsync(string text)
    {
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = _http.DefaultRequestVersion;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new UriBuilder(Address) { Scheme = "wss", Path = "/socket" }.Uri, _http, Cancelled);
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Cancelled);
        var buffer = new byte[64];
        var read = await socket.ReceiveAsync(buffer, Cancelled);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, Cancelled);
        return Encoding.UTF8.GetString(buffer, 0, read.Count);
    }

    /// <summary>Reads the first line of an answer, lets it go on by the first byte of an open body, and reads the last.</summary>
    public async Task<string> StreamAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        using var request = Request(HttpMethod.Get, "/stream", []);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(deadline.Token));
        var first = await reader.ReadLineAsync(deadline.Token);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var releasing = ReleaseAsync(ended.Task, deadline.Token);
        var last = await reader.ReadLineAsync(deadline.Token);
        ended.TrySetResult();
        return $"{first} {last} {await releasing}";
    }

    public void Dispose()
    {
        _grpc.Dispose();
        _http.Dispose();
    }

    private static SocketsHttpHandler NewHandler(TestCertificate certificate, IPAddress? from, bool resumes) => new()
    {
        UseProxy = false,
        PooledConnectionLifetime = resumes ? TimeSpan.Zero : Timeout.InfiniteTimeSpan,
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = certificate.ToCredential().CertificateContext,
            AllowTlsResume = resumes,
            RemoteCertificateValidationCallback = static (_, server, _, _) => server is not null,
        },
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(from ?? IPAddress.Loopback, 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    private HttpRequestMessage Request(HttpMethod method, string path, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative))
        {
            Version = _http.DefaultRequestVersion,
            VersionPolicy = _http.DefaultVersionPolicy,
        };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return request;
    }

    private async Task<int> ReleaseAsync(Task ended, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, "/release", []);
        request.Content = new OpenContent(ended);
        using var response = await _http.SendAsync(request, cancellationToken);
        return (int)response.StatusCode;
    }

    private async Task<string> SendAsync(HttpRequestMessage request)
    {
        using var response = await _http.SendAsync(request, Cancelled);
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        if (response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return response.IsSuccessStatusCode ? body : $"{(int)response.StatusCode} {body}";
        }

        using var problem = JsonDocument.Parse(body);
        return $"{(int)response.StatusCode} {problem.RootElement.GetProperty("code").GetString()}";
    }

    /// <summary>One byte, and no end until it is said.</summary>
    private sealed class OpenContent(Task ended) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("a"u8.ToArray(), Cancelled);
            await stream.FlushAsync(Cancelled);
            await ended.WaitAsync(Cancelled);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }
}
