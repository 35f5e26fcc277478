using System.Net;
using System.Net.Security;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls.Client;

/// <summary>The platform's handler with everything off that would send a request elsewhere than asked.</summary>
internal static class MtlsSockets
{
    public static SocketsHttpHandler Create(MtlsOptions options) => new()
    {
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = options.ConnectionLifetime,
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseProxy = false,
        UseCookies = false,
        SslOptions = RefuseAll(),
    };

    // TLS is done by our connector. What goes around it, such as an upgrade to HTTP/3 by Alt-Svc, finds a platform that takes no server.
    private static SslClientAuthenticationOptions RefuseAll() => new()
    {
        EnabledSslProtocols = PeerTls.Protocol,
        AllowTlsResume = false,
        CertificateChainPolicy = PeerHandshake.InertPolicy(),
        RemoteCertificateValidationCallback = (_, _, _, _) => false,
    };
}
