using System.Net.Security;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.HealthChecks.Tests.Infrastructure;

/// <summary>A trust domain of one service, a workload that calls it and an operator.</summary>
internal sealed class HealthMesh : IDisposable
{
    public const string Domain = "example.test";
    public const string Caller = "spiffe://example.test/gateway";
    public const string Operator = "spiffe://example.test/operator";

    private readonly TestCertificateAuthority _authority;

    public HealthMesh(TimeProvider time) => _authority = TestCertificateAuthority.Create("mesh root", time);

    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton<IPeerCredentialSource>(new MemoryPeerCredentialSource(_authority.Issue(options =>
        {
            options.SpiffeId = "spiffe://example.test/orders";
            options.DnsNames.Add("orders.test"); // for clients that know no SPIFFE
        }).ToCredential()));
        services.AddSingleton<ITrustBundleSource>(new MemoryTrustBundleSource(new TrustBundleSet(_authority.ToBundle(Domain))));
    }

    /// <summary>A client that proves this workload, or none; of the server it asks no more than who issued its certificate.</summary>
    public SocketsHttpHandler Handler(string? caller)
    {
        var options = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Issuer == _authority.Certificate.Subject,
        };
        if (caller is not null)
        {
            options.ClientCertificateContext = _authority.Issue(caller).ToCredential().CertificateContext;
        }

        return new SocketsHttpHandler { UseProxy = false, SslOptions = options, EnableMultipleHttp2Connections = true };
    }

    public MeshFiles WriteFiles(string caller = Caller)
    {
        var folder = Directory.CreateTempSubdirectory("zt-health-");
        var (certificate, key) = _authority.Issue(caller).WriteTo(folder.FullName, "caller");
        return new MeshFiles(folder, _authority.WriteAnchorTo(folder.FullName), certificate, key);
    }

    public void Dispose() => _authority.Dispose();
}
