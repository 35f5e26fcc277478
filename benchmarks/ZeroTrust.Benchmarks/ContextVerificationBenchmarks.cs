using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.Benchmarks;

/// <summary>A received context: met for the first time, when the certificates and signatures of its chain are verified, and met again.</summary>
[MemoryDiagnoser]
public class ContextVerificationBenchmarks
{
    private readonly FrozenTime _time = new();
    private ServiceProvider? _gateway;
    private ServiceProvider? _orders;
    private ServiceProvider? _forgetfulOrders;
    private AuthzContextVerifier? _verifier;
    private AuthzContextVerifier? _forgetful;
    private TxnHeaders[] _headers = [];
    private VerifiedPeer? _sender;
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        using var root = TestCertificateAuthority.Create("benchmark root", _time);
        var bundles = new TrustBundleSet(root.ToBundle("example.test"));
        var gateway = root.Issue("spiffe://example.test/gateway");
        var orders = root.Issue("spiffe://example.test/orders");
        _gateway = BuildServices(gateway, bundles, remembered: 4096);
        _orders = BuildServices(orders, bundles, remembered: 4096);
        _forgetfulOrders = BuildServices(orders, bundles, remembered: 1);
        _verifier = _orders.GetRequiredService<AuthzContextVerifier>();
        _forgetful = _forgetfulOrders.GetRequiredService<AuthzContextVerifier>();
        _sender = Accepted(_orders.GetRequiredService<PeerVerifier>().Verify(gateway.ToPeerCertificates(), PeerRole.Client));
        _headers = [Mint("alice"), Mint("bob")];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _gateway?.Dispose();
        _orders?.Dispose();
        _forgetfulOrders?.Dispose();
    }

    [Benchmark(Baseline = true, Description = "context met for the first time")]
    public AuthzContext Cold() => Accepted(_forgetful!.Verify(_headers[_next++ & 1], _sender!));

    [Benchmark(Description = "context met again")]
    public AuthzContext Cached() => Accepted(_verifier!.Verify(_headers[_next++ & 1], _sender!));

    private TxnHeaders Mint(string subject)
    {
        var context = Accepted(_gateway!.GetRequiredService<AuthzContextMinter>()
            .Mint(TenantId.Parse("acme"), SubjectId.Parse("main/" + subject), PermissionSet.Parse("orders:read")));
        return Accepted(_gateway!.GetRequiredService<AuthzContextLinker>().Link(context, WorkloadId.Parse("spiffe://example.test/orders")));
    }

    private ServiceProvider BuildServices(TestCertificate certificate, TrustBundleSet bundles, int remembered)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IPeerCredentialSource>(new MemoryPeerCredentialSource(certificate.ToCredential()));
        services.AddSingleton<ITrustBundleSource>(new MemoryTrustBundleSource(bundles));
        services.AddZeroTrust()
            .AddMtls(static options => options.TrustDomain = "example.test")
            .AddAuthz(options =>
            {
                options.MaxCachedContexts = remembered;
                options.MintGrants.Add(new MintGrantOptions
                {
                    Workload = "spiffe://example.test/gateway",
                    Tenants = ["*"],
                    SubjectKinds = [SubjectKind.User],
                    Permissions = ["orders:read"],
                });
            });
        return services.BuildServiceProvider();
    }

    private static T Accepted<T>(Verdict<T> verdict)
        where T : class => verdict.TryGet(out var value, out var rejection) ? value : throw new InvalidOperationException(rejection.Code + ": " + rejection.Detail);
}
