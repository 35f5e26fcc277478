using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests.Support;

/// <summary>A client bound to one server, made without a host, and what it told.</summary>
internal sealed class BoundClient : IDisposable
{
    private readonly ILoggerFactory _loggers;

    public BoundClient(World world, TestCertificate own, string server = World.Billing, Action<MtlsOptions>? configure = null)
        : this(world, new MemoryPeerCredentialSource(own.ToCredential()), server, configure)
    {
    }

    public BoundClient(
        World world,
        IPeerCredentialSource credentials,
        string server = World.Billing,
        Action<MtlsOptions>? configure = null,
        IMeterFactory? meters = null)
    {
        var options = new MtlsOptions { TrustDomain = World.Domain };
        configure?.Invoke(options);
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(Logs)));
        var factory = new MtlsHandlerFactory(
            new PeerTls(world.Verifier, credentials), world.Verifier, credentials, Options.Create(options), world.Time,
            _loggers.CreateLogger<MtlsHandlerFactory>(), meters);
        Handler = factory.Create(WorkloadId.Parse(server));
        Http = new HttpClient(Handler);
    }

    public HttpMessageHandler Handler { get; }

    public HttpClient Http { get; }

    public FakeLogCollector Logs { get; } = new();

    public IEnumerable<FakeLogRecord> Told(string eventName) => Logs.GetSnapshot().Where(record => record.Id.Name == eventName);

    public Task<string> GetAsync(Uri address, string version = "2.0") => SendAsync(HttpMethod.Get, address, version);

    public Task<string> PostAsync(Uri address, string version = "2.0") => SendAsync(HttpMethod.Post, address, version, "body");

    public async Task<string> SendAsync(HttpMethod method, Uri address, string version = "2.0", string? content = null, string? host = null)
    {
        using var request = Request(method, address, version);
        request.Headers.Host = host;
        request.Content = content is null ? null : new StringContent(content);
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Sends and waits on this thread.</summary>
    public HttpResponseMessage Send(HttpRequestMessage request) => Http.Send(request, TestContext.Current.CancellationToken);

    /// <summary>Gets over a connection that is closed afterwards.</summary>
    public async Task GetOnceAsync(Uri address)
    {
        using var request = Request(HttpMethod.Get, address, "1.1");
        request.Headers.ConnectionClose = true;
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Sends and gives the response as soon as its header is there.</summary>
    public async Task<HttpResponseMessage> OpenAsync(Uri address, string version = "2.0")
    {
        using var request = Request(HttpMethod.Get, address, version);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        Http.Dispose();
        _loggers.Dispose();
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri address, string version) =>
        new(method, address) { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
}
