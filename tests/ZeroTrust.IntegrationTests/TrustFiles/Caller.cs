using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Testing;

namespace ZeroTrust.IntegrationTests.TrustFiles;

/// <summary>A client of nobody's making but the platform's that calls all the time and counts what was served.</summary>
internal sealed class Caller : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan PaceOfHandshakes = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpClient _http;
    private readonly Func<HttpRequestMessage> _request;
    private readonly ConcurrentQueue<string> _failures = new();
    private int _calls;
    private int _served;
    private Task _loop = Task.CompletedTask;

    private Caller(string name, HttpClient http, Func<HttpRequestMessage> request) => (Name, _http, _request) = (name, http, request);

    public string Name { get; }

    /// <summary>Whether it is to be served.</summary>
    public bool IsValid { get; private init; }

    public int Calls => Volatile.Read(ref _calls);

    public int Served => Volatile.Read(ref _served);

    /// <summary>Calls that did not become what they had to.</summary>
    public int Wrong => IsValid ? Calls - Served : Served;

    public IEnumerable<string> Failures => _failures;

    /// <summary>The SHA-256 of the leaf that the server last presented.</summary>
    public string? ServerLeaf { get; private set; }

    /// <param name="name">Who it is.</param>
    /// <param name="isValid">Whether it is to be served.</param>
    /// <param name="isKept">Whether it keeps its connection, of HTTP/2; else every call has its own.</param>
    /// <param name="from">The last octet of the address it calls from.</param>
    /// <param name="certificate">Its certificate.</param>
    /// <param name="root">What the server's chain ends in.</param>
    /// <param name="server">Whom it calls.</param>
    /// <param name="request">The request.</param>
    public static Caller Start(
        string name, bool isValid, bool isKept, byte from, TestCertificate? certificate, X509Certificate2 root, IPEndPoint server, Func<HttpRequestMessage> request)
    {
        Caller? caller = null;
        var context = certificate?.ToCredential().CertificateContext;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            PooledConnectionLifetime = isKept ? Timeout.InfiniteTimeSpan : TimeSpan.Zero,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var stream = await ConnectAsync(from, server, context, root, isKept, cancellationToken);
                caller!.ServerLeaf = stream.RemoteCertificate!.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
                return stream;
            },
        };
        var http = new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://{server}"),
            DefaultRequestVersion = isKept ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Patience,
        };
        caller = new Caller(name, http, request) { IsValid = isValid };
        caller._loop = Task.Run(caller.CallAsync);
        return caller;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _http.Dispose();
        _stopping.Dispose();
    }

    private static async Task<SslStream> ConnectAsync(
        byte from, IPEndPoint server, SslStreamCertificateContext? certificate, X509Certificate2 root, bool isKept, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, from]), 0));
            await socket.ConnectAsync(server, cancellationToken);
            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
            trust.CustomTrustStore.Add(root);
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = server.Address.ToString(),
                ClientCertificateContext = certificate,
                CertificateChainPolicy = trust,
                AllowTlsResume = false,
                ApplicationProtocols = [isKept ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11],
            };
            await stream.AuthenticateAsClientAsync(options, cancellationToken);
            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task CallAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var request = _request();
                request.Version = _http.DefaultRequestVersion;
                request.VersionPolicy = _http.DefaultVersionPolicy;
                using var response = await _http.SendAsync(request, _stopping.Token);
                if (response.IsSuccessStatusCode)
                {
                    Interlocked.Increment(ref _served);
                }
                else if (IsValid)
                {
                    _failures.Enqueue($"{response.StatusCode} {await response.Content.ReadAsStringAsync(_stopping.Token)}");
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (IsValid)
                {
                    _failures.Enqueue(exception.ToString());
                }
            }

            Interlocked.Increment(ref _calls);
            await Task.Delay(_http.DefaultRequestVersion == HttpVersion.Version20 ? Pace : PaceOfHandshakes);
        }
    }
}
