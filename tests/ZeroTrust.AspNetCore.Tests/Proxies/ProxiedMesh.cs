using ZeroTrust.Testing;

namespace ZeroTrust.AspNetCore.Tests.Proxies;

/// <summary>A mesh with a peer that calls by itself and one that is a proxy.</summary>
internal sealed class ProxiedMesh : IDisposable
{
    public const string ProxyId = "spiffe://example.test/ingress";

    public ProxiedMesh()
    {
        Client = Mesh.Intermediate.Issue(Tests.Mesh.Client);
        Proxy = Mesh.Intermediate.Issue(ProxyId);
    }

    public Mesh Mesh { get; } = new();

    public TestCertificate Client { get; }

    public TestCertificate Proxy { get; }

    public void Dispose()
    {
        Client.Dispose();
        Proxy.Dispose();
        Mesh.Dispose();
    }
}
