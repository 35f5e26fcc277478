using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Jose;
using ZeroTrust.Mtls;
using ZeroTrust.Tests.Support;
using ZeroTrust.X509;

namespace ZeroTrust.Authz.Tests.Vectors;

/// <summary>A workload of the vectors, as it receives: made of <c>world.json</c> alone.</summary>
internal sealed class VectorReceiver : IDisposable
{
    private readonly VectorWorld _world;
    private readonly ServiceProvider _provider;

    public VectorReceiver(VectorWorld world, string name)
    {
        _world = world;
        var own = world.Certificates[name];
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<TimeProvider>(new SteppedTimeProvider(DateTimeOffset.FromUnixTimeSeconds(world.Time)));
        services.AddSingleton<IPeerCredentialSource>(new MemoryPeerCredentialSource(PeerCredential.FromPem(own.ChainPem, own.TestKeyPem)));
        services.AddSingleton<ITrustBundleSource>(new MemoryTrustBundleSource(Trust()));
        services.AddSingleton<ITokenServiceKeySource>(Keys());
        services.AddZeroTrust().AddMtls(options => options.TrustDomain = world.TrustDomain).AddAuthz(Grant);
        _provider = services.BuildServiceProvider();
    }

    public Verdict<AuthzContext> Receive(VectorCase vector) =>
        TxnHeaders.FromValues(
            Values(vector, TxnHeaderNames.Token), Values(vector, TxnHeaderNames.Chain), Values(vector, TxnHeaderNames.Certs))
            .TryGet(out var headers, out var rejection)
            ? _provider.GetRequiredService<AuthzContextVerifier>().Verify(headers, Peer(vector.Sender))
            : rejection;

    public void Dispose() => _provider.Dispose();

    private static IReadOnlyList<string> Values(
        VectorCase vector, string name) => vector.Headers.TryGetValue(name, out var values) ? values : [];

    private VerifiedPeer Peer(string name)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(_world.Certificates[name].ChainPem);
        var certificates = PeerCertificates.Create(
            chain[0].RawDataMemory, chain.Skip(1).Select(certificate => certificate.RawDataMemory)).GetOrThrow();
        return _provider.GetRequiredService<PeerVerifier>().Verify(certificates, PeerRole.Client).GetOrThrow();
    }

    private TrustBundleSet Trust()
    {
        X509Certificate2Collection anchors = [.. _world.Anchors.Select(pem => X509Certificate2.CreateFromPem(pem))];
        var bundle = new TrustBundle(TrustDomain.Parse(_world.TrustDomain), anchors);
        return new TrustBundleSet([bundle], new DenyList(workloads: _world.Denied.Select(WorkloadId.Parse)));
    }

    private MemoryTokenServiceKeySource Keys()
    {
        var source = new MemoryTokenServiceKeySource();
        foreach (var service in _world.TokenServices)
        {
            source.Replace(
                service.Grant.Workload,
                JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(service.Keys.GetRawText()), JwsAlgorithms.PS256).GetOrThrow());
        }

        return source;
    }

    private void Grant(AuthzOptions options)
    {
        foreach (var grant in _world.MintGrants)
        {
            options.MintGrants.Add(new MintGrantOptions
            {
                Workload = grant.Workload,
                Tenants = [.. grant.Tenants],
                SubjectKinds = [.. grant.SubjectKinds.Select(Enum.Parse<SubjectKind>)],
                Permissions = [.. grant.Permissions],
                MaxLifetime = TimeSpan.FromSeconds(grant.MaxLifetime),
            });
        }

        foreach (var grant in _world.TokenServices.Select(service => service.Grant))
        {
            options.TokenServices.Add(new TokenServiceOptions
            {
                Issuer = grant.Workload,
                Tenants = [.. grant.Tenants],
                SubjectKinds = [.. grant.SubjectKinds.Select(Enum.Parse<SubjectKind>)],
                Permissions = [.. grant.Permissions],
                MaxLifetime = TimeSpan.FromSeconds(grant.MaxLifetime),
            });
        }
    }
}
