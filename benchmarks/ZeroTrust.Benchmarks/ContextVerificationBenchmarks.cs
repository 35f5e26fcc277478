using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.Benchmarks;

/// <summary>A received context: met for the first time, when the signatures of its chain are verified, and met again; beside one raw ES256 verification.</summary>
[MemoryDiagnoser]
public class ContextVerificationBenchmarks
{
    private static readonly string[] Path = ["gateway", "orders", "billing", "audit", "ledger"];

    private readonly FrozenTime _time = new();
    private readonly Dictionary<string, ServiceProvider> _services = [];
    private readonly Dictionary<int, Arrival> _arrivals = [];
    private TestCertificateAuthority? _root;
    private ECDsa? _key;
    private byte[] _input = [];
    private byte[] _signature = [];
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        _root = TestCertificateAuthority.Create("benchmark root", _time);
        var bundles = new TrustBundleSet(_root.ToBundle("example.test"));
        foreach (var name in Path)
        {
            _services.Add(name, BuildServices(name, bundles, remembered: 4096));
            _services.Add("forgetful " + name, BuildServices(name, bundles, remembered: 1));
        }

        foreach (var links in (int[])[1, 2, 4])
        {
            _arrivals.Add(links, new Arrival(
                _services[Path[links]].GetRequiredService<AuthzContextVerifier>(),
                _services["forgetful " + Path[links]].GetRequiredService<AuthzContextVerifier>(),
                PeerOf(Path[links - 1], Path[links]),
                [Send("alice", links), Send("bob", links)]));
        }

        var token = _arrivals[1].Headers[0].Token;
        _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _input = Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]);
        _signature = _key.SignData(_input, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (var services in _services.Values)
        {
            services.Dispose();
        }

        _key?.Dispose();
        _root?.Dispose();
    }

    [Benchmark(Baseline = true, Description = "one ES256 verification")]
    public bool Raw() => _key!.VerifyData(_input, _signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    [Benchmark(Description = "first sight, 1 link")]
    public AuthzContext FirstSightOfOne() => FirstSight(1);

    [Benchmark(Description = "first sight, 2 links")]
    public AuthzContext FirstSightOfTwo() => FirstSight(2);

    [Benchmark(Description = "first sight, 4 links")]
    public AuthzContext FirstSightOfFour() => FirstSight(4);

    [Benchmark(Description = "repeated, 1 link")]
    public AuthzContext RepeatedOne() => Repeated(1);

    [Benchmark(Description = "repeated, 4 links")]
    public AuthzContext RepeatedFour() => Repeated(4);

    private static T Accepted<T>(Verdict<T> verdict)
        where T : class => verdict.TryGet(out var value, out var rejection) ? value : throw new InvalidOperationException(rejection.Code + ": " + rejection.Detail);

    // Two contexts in turn, of which only one is remembered.
    private AuthzContext FirstSight(int links)
    {
        var arrival = _arrivals[links];
        return Accepted(arrival.Forgetful.Verify(arrival.Headers[_next++ & 1], arrival.Sender));
    }

    private AuthzContext Repeated(int links)
    {
        var arrival = _arrivals[links];
        return Accepted(arrival.Verifier.Verify(arrival.Headers[0], arrival.Sender));
    }

    private VerifiedPeer PeerOf(string sender, string receiver)
    {
        var credential = _services[sender].GetRequiredService<IPeerCredentialSource>().GetCredential();
        var certificates = Accepted(PeerCertificates.Create(credential.Certificate.RawDataMemory, []));
        return Accepted(_services[receiver].GetRequiredService<PeerVerifier>().Verify(certificates, PeerRole.Client));
    }

    /// <summary>A context the gateway mints and each workload of the path hands on to the next.</summary>
    private TxnHeaders Send(string subject, int links)
    {
        var context = Accepted(_services[Path[0]].GetRequiredService<AuthzContextMinter>()
            .Mint(TenantId.Parse("acme"), SubjectId.Parse("main/" + subject), PermissionSet.Parse("orders:read orders:write")));
        for (var hop = 1; ; hop++)
        {
            var headers = Accepted(_services[Path[hop - 1]].GetRequiredService<AuthzContextLinker>().Link(context, WorkloadId.Parse(IdOf(Path[hop]))));
            if (hop == links)
            {
                return headers;
            }

            context = Accepted(_services[Path[hop]].GetRequiredService<AuthzContextVerifier>().Verify(headers, PeerOf(Path[hop - 1], Path[hop])));
        }
    }

    private ServiceProvider BuildServices(string name, TrustBundleSet bundles, int remembered)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IPeerCredentialSource>(new MemoryPeerCredentialSource(_root!.Issue(IdOf(name)).ToCredential()));
        services.AddSingleton<ITrustBundleSource>(new MemoryTrustBundleSource(bundles));
        services.AddZeroTrust()
            .AddMtls(static options => options.TrustDomain = "example.test")
            .AddAuthz(options =>
            {
                options.MaxCachedContexts = remembered;
                options.MintGrants.Add(new MintGrantOptions
                {
                    Workload = IdOf(Path[0]),
                    Tenants = ["*"],
                    SubjectKinds = [SubjectKind.User],
                    Permissions = ["orders:read", "orders:write"],
                });
            });
        return services.BuildServiceProvider();
    }

    private static string IdOf(string name) => "spiffe://example.test/" + name;

    private sealed record Arrival(AuthzContextVerifier Verifier, AuthzContextVerifier Forgetful, VerifiedPeer Sender, TxnHeaders[] Headers);
}
