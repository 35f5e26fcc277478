using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ZeroTrust.Samples.Tour.Attack;

/// <summary>
/// A client of the platform's own making: it believes servers of the throw-away CA, and presents whatever
/// certificate it is given, or none.
/// </summary>
internal sealed class Outsider : IDisposable
{
    private readonly X509Certificate2 _anchor;
    private readonly SocketsHttpHandler _handler;

    public Outsider(X509Certificate2 anchor, Identity? identity = null)
    {
        _anchor = anchor;
        Identity = identity;
        _handler = new SocketsHttpHandler
        {
            SslOptions = TlsOptions(),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
        Http = new HttpClient(_handler, disposeHandler: false)
        {
            Timeout = TimeSpan.FromSeconds(30),
            DefaultRequestVersion = HttpVersion.Version11,
        };
    }

    public Identity? Identity { get; }

    public HttpClient Http { get; }

    public HttpMessageHandler Handler => _handler;

    public SslClientAuthenticationOptions TlsOptions() => new()
    {
        TargetHost = "localhost",
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _anchor },
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        },
        ClientCertificateContext = Identity is null
            ? null
            : SslStreamCertificateContext.Create(Identity.Certificate, Identity.Intermediates, offline: true),
    };

    public async Task<Answer> SendAsync(
        HttpMethod method,
        Uri url,
        string? json,
        IEnumerable<KeyValuePair<string, string>> headers,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, url);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = await Http.SendAsync(request, cancellationToken);
            return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException)
        {
            return Answer.None;
        }
    }

    public void Dispose()
    {
        Http.Dispose();
        _handler.Dispose();
    }
}
