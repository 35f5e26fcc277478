using System.Net;
using System.Net.Security;
using System.Net.Sockets;
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
}
