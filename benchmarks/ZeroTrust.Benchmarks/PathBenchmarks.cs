using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BenchmarkDotNet.Attributes;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Benchmarks;

/// <summary>Path validation beside one verification on P-256 and beside the platform's chain, over leaf, intermediate and root; the veto is off.</summary>
[MemoryDiagnoser]
public class PathBenchmarks
{
    private static readonly PathPolicy Policy = new() { Purpose = KeyPurposes.ClientAuth, Revocation = RevocationMode.None, PlatformVeto = false };

    private readonly FrozenTime _time = new();
    private readonly byte[] _hash = RandomNumberGenerator.GetBytes(32);
    private TestCertificateAuthority? _root;
    private TestCertificateAuthority? _issuer;
    private TestCertificate? _leaf;
    private ECDsa? _key;
    private byte[] _signature = [];
    private TrustAnchorSet? _anchors;
    private PathValidator? _validator;

    [GlobalSetup]
    public void Setup()
    {
        _root = TestCertificateAuthority.Create("benchmark root", _time);
        _issuer = _root.CreateIntermediate("benchmark issuer");
        _leaf = _issuer.Issue("spiffe://example.test/gateway");
        _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _signature = _key.SignHash(_hash);
        _anchors = new TrustAnchorSet(Certificate.From(_root.Certificate).GetOrThrow());
        _validator = new PathValidator(_anchors);

        // Met twice, an intermediate is known and kept with its key.
        KnownIntermediates();
        KnownIntermediates();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _leaf?.Dispose();
        _issuer?.Dispose();
        _root?.Dispose();
        _key?.Dispose();
    }

    [Benchmark(Baseline = true, Description = "one P-256 verification")]
    public bool OneVerification() => _key!.VerifyHash(_hash, _signature);

    [Benchmark(Description = "X509Chain.Build")]
    public bool PlatformChain()
    {
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                VerificationTime = _time.GetUtcNow().UtcDateTime,
                ApplicationPolicy = { new Oid(KeyPurposes.ClientAuth) },
            },
        };
        chain.ChainPolicy.CustomTrustStore.Add(_root!.Certificate);
        chain.ChainPolicy.ExtraStore.Add(_issuer!.Certificate);
        return chain.Build(_leaf!.Certificate) ? true : throw new InvalidOperationException("The chain must build.");
    }

    [Benchmark(Description = "path, known intermediates")]
    public ValidatedPath KnownIntermediates() => Validate(_validator!);

    [Benchmark(Description = "path, first sight")]
    public ValidatedPath FirstSight() => Validate(new PathValidator(_anchors!));

    private ValidatedPath Validate(PathValidator validator)
    {
        // As in a handshake: the TLS stack has parsed both, we read both.
        var leaf = Certificate.From(_leaf!.Certificate).GetOrThrow();
        var issuer = Certificate.From(_issuer!.Certificate).GetOrThrow();
        return validator.Validate(leaf, [issuer], Policy, _time.GetUtcNow()).GetOrThrow();
    }
}
