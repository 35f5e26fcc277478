using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.Authz.Tests;

/// <summary>One workload: the registered services with its certificate, its trust and the clock of the mesh.</summary>
internal sealed class TestService : IDisposable
{
    private readonly ServiceProvider _provider;

    internal TestService(TestMesh mesh, TestCertificate certificate, Action<AuthzOptions> configure, Action<IServiceCollection>? more = null)
    {
        Credentials = new MemoryPeerCredentialSource(certificate.ToCredential());
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<TimeProvider>(mesh.Time);
        services.AddSingleton<IPeerCredentialSource>(Credentials);
        services.AddSingleton<ITrustBundleSource>(mesh.Bundles);
        services.AddZeroTrust()
            .AddMtls(options =>
            {
                options.TrustDomain = TestMesh.Domain;
                options.Servers["orders"] = TestMesh.OrdersId;
            })
            .AddAuthz(configure);
        more?.Invoke(services);
        _provider = services.BuildServiceProvider();
    }

    internal MemoryPeerCredentialSource Credentials { get; }

    internal IServiceProvider Provider => _provider;

    internal AuthzContextVerifier Verifier => _provider.GetRequiredService<AuthzContextVerifier>();

    internal AuthzContextMinter Minter => _provider.GetRequiredService<AuthzContextMinter>();

    internal AuthzContextLinker Linker => _provider.GetRequiredService<AuthzContextLinker>();

    internal PlainContextReader Reader => _provider.GetRequiredService<PlainContextReader>();

    internal IAuthzContextAccessor Accessor => _provider.GetRequiredService<IAuthzContextAccessor>();

    /// <summary>The peer of a connection, as this workload verified it.</summary>
    internal VerifiedPeer Peer(TestCertificate certificate, PeerRole role = PeerRole.Client) =>
        _provider.GetRequiredService<PeerVerifier>().Verify(certificate.ToPeerCertificates(), role).GetOrThrow();

    public void Dispose() => _provider.Dispose();
}
