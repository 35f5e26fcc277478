using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls;

namespace ZeroTrust.Authz.Tests.Mesh;

/// <summary>A caller of the service: its certificate, and the real minter and linker to make tokens with.</summary>
internal sealed class MeshPeer : IAsyncDisposable
{
    private readonly MeshHost _host;
    private readonly ServiceProvider _services;

    public MeshPeer(MeshHost host, string workload, IEnumerable<KeyValuePair<string, string?>> configuration)
    {
        _host = host;
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration).Build());
        services.AddSingleton<TimeProvider>(host.Clock);
        services.AddZeroTrust().AddMtls().AddAuthz();
        _services = services.BuildServiceProvider();
        Workload = WorkloadId.Parse(workload);
    }

    public WorkloadId Workload { get; }

    public X509Certificate2 Certificate => _services.GetRequiredService<IPeerCredentialSource>().GetCredential().Certificate;

    public HttpClient Client(string listener = "mesh") => _host.Client(listener, Certificate);

    /// <summary>The three headers of a context this peer minted and addressed to the service, or to another workload.</summary>
    public TxnHeaders Send(
        string tenant = "acme", string permissions = "orders:read", string to = MeshHost.Orders, string subject = "idp/alice")
    {
        var context = _services.GetRequiredService<AuthzContextMinter>()
            .Mint(TenantId.Parse(tenant), SubjectId.Parse(subject), PermissionSet.Parse(permissions)).GetOrThrow();
        return _services.GetRequiredService<AuthzContextLinker>().Link(context, WorkloadId.Parse(to)).GetOrThrow();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
