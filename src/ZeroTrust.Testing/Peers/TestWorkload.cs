using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz;
using ZeroTrust.Mtls;

namespace ZeroTrust.Testing;

/// <summary>A workload beside the service under test, with the packages it would run with and a grant for whatever a test asks.</summary>
internal sealed class TestWorkload : IDisposable
{
    private readonly ServiceProvider _provider;
    private readonly PeerCertificates _certificates;
    private readonly WorkloadId _id;

    public TestWorkload(PeerCredential credential, TrustBundle bundle, TestContextRequest request, TimeProvider time)
    {
        _id = credential.Workload;
        _certificates = PeerCertificates.Create(credential.Certificate.RawDataMemory, credential.IntermediatesDer).GetOrThrow();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(time);
        services.AddSingleton<IPeerCredentialSource>(new MemoryPeerCredentialSource(credential));
        services.AddSingleton<ITrustBundleSource>(new MemoryTrustBundleSource(new TrustBundleSet(bundle)));
        services.AddZeroTrust()
            .AddMtls(options => options.TrustDomain = bundle.TrustDomain.ToString())
            .AddAuthz(options =>
            {
                options.ContextLifetime = request.Lifetime;
                options.ReuseWindow = request.Lifetime / 4;
                options.MintGrants.Add(new MintGrantOptions
                {
                    Workload = request.Minter ?? _id.ToString(),
                    Tenants = ["*"],
                    SubjectKinds = [SubjectKind.User, SubjectKind.System],
                    SystemSubjects = request.Subject.Kind == SubjectKind.System ? [request.Subject.ToString()] : [],
                    Permissions = [.. request.Permissions],
                });
            });
        _provider = services.BuildServiceProvider();
    }

    public AuthzContext Mint(TestContextRequest request) =>
        _provider.GetRequiredService<AuthzContextMinter>().Mint(request.Tenant, request.Subject, request.Permissions).GetOrThrow();

    public TxnHeaders Hand(AuthzContext context, WorkloadId to) => _provider.GetRequiredService<AuthzContextLinker>().Link(context, to).GetOrThrow();

    public AuthzContext Take(AuthzContext context, TestWorkload from) => _provider.GetRequiredService<AuthzContextVerifier>()
        .Verify(from.Hand(context, _id), _provider.GetRequiredService<PeerVerifier>().Verify(from._certificates, PeerRole.Client).GetOrThrow()).GetOrThrow();

    public void Dispose() => _provider.Dispose();
}
