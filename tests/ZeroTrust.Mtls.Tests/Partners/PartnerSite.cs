using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests.Partners;

/// <summary>A server of a partner: Kestrel with nothing of ours, which asks for a certificate and takes any.</summary>
internal sealed class PartnerSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PartnerSite(TestCertificate certificate, SslProtocols protocols, CipherSuitesPolicy? suites)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var context = SslStreamCertificateContext.Create(
            certificate.Certificate, [.. certificate.IntermediatesDer.Select(der => X509CertificateLoader.LoadCertificate(der.Span))], offline: true);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = connection =>
            {
                ServerNames.Enqueue(connection.ClientHelloInfo.ServerName);
                return ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = context,
                    EnabledSslProtocols = protocols,
                    CipherSuitesPolicy = suites,
                    ClientCertificateRequired = true,
                    RemoteCertificateValidationCallback = (_, presented, _, _) => IsTaken(presented),
                });
            },
        })));
        _app = builder.Build();
        _app.Run(request =>
        {
            Requests.Enqueue(request.Request.Path);
            return request.Response.WriteAsync(request.Features.Get<Microsoft.AspNetCore.Connections.Features.ITlsHandshakeFeature>()!.Protocol.ToString());
        });
    }

    public Uri Address { get; private set; } = new("https://localhost");

    /// <summary>The names clients asked for by SNI.</summary>
    public ConcurrentQueue<string> ServerNames { get; } = [];

    /// <summary>The subjects of the certificates clients sent; null for none.</summary>
    public ConcurrentQueue<string?> Presented { get; } = [];

    public ConcurrentQueue<string> Requests { get; } = [];

    public static async Task<PartnerSite> StartAsync(TestCertificate certificate, SslProtocols? protocols = null, CipherSuitesPolicy? suites = null)
    {
        var site = new PartnerSite(certificate, protocols ?? PeerTls.Protocol, suites);
        await site._app.StartAsync(TestContext.Current.CancellationToken);
        site.Address = new Uri($"https://localhost:{new Uri(site._app.Urls.Single()).Port}");
        return site;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private bool IsTaken(X509Certificate? presented)
    {
        Presented.Enqueue(presented?.Subject);
        return !Presented.IsEmpty;
    }
}
