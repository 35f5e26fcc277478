using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Oidc.Internal;

namespace ZeroTrust.Oidc.Keys;

/// <summary>The connection to one issuer: https, its own anchors, nothing that leads elsewhere.</summary>
internal static class IssuerBackchannel
{
    // Real discovery documents are under 10 KB, key sets under 20 KB.
    internal const int MaxDocumentBytes = 131_072;

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    public static HttpClient Create(OidcIssuer issuer, IReadOnlyCollection<uint> fileOwners) =>
        new(CreateHandler(issuer, fileOwners), disposeHandler: true)
        {
            MaxResponseContentBufferSize = MaxDocumentBytes,
            Timeout = Timeout.InfiniteTimeSpan, // the fetch has its own deadline, on the injected clock
        };

    private static SocketsHttpHandler CreateHandler(OidcIssuer issuer, IReadOnlyCollection<uint> fileOwners)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = issuer.FetchTimeout,
            PooledConnectionLifetime = ConnectionLifetime, // the issuer's address may move
            MaxResponseHeadersLength = 32,
        };
        if (issuer.TrustAnchorFile is not null)
        {
            var trust = TrustOnly(issuer.TrustAnchorFile, fileOwners);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust };
        }

        return handler;
    }

    private static X509ChainPolicy TrustOnly(string anchorFile, IReadOnlyCollection<uint> fileOwners)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(OidcAnchors.Read(nameof(OidcIssuerOptions.TrustAnchorFile), anchorFile, fileOwners));
        policy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1")); // serverAuth, RFC 5280 section 4.2.1.12
        return policy;
    }
}
