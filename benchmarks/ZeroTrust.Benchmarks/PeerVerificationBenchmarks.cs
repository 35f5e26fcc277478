using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.Benchmarks;

/// <summary>The peer verifier beside the platform's path building with the same anchors, both over leaf, intermediate and root.</summary>
[MemoryDiagnoser]
public class PeerVerificationBenchmarks
{
    private readonly FrozenTime _time = new();
    private TestCertificateAuthority? _root;
    private TestCertificateAuthority? _issuer;
    private TestCertificate? _leaf;
    private X509Certificate2Collection? _intermediates;
    private PeerVerifier? _verifier;
    private PeerCertificates? _certificates;
    private VerifiedPeer? _peer;

    [GlobalSetup]
    public void Setup()
    {
        _root = TestCertificateAuthority.Create("benchmark root", _time);
        _issuer = _root.CreateIntermediate("benchmark issuer");
        _leaf = _issuer.Issue("spiffe://example.test/gateway");
        _intermediates = [_issuer.Certificate];
        _verifier = new PeerVerifier(
            new MemoryTrustBundleSource(new TrustBundleSet(_root.ToBundle("example.test"))),
            Options.Create(new MtlsOptions { TrustDomain = "example.test" }),
            _time);
        _certificates = _leaf.ToPeerCertificates();
        _peer = Accepted(_verifier.Verify(_certificates, PeerRole.Client));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _leaf?.Dispose();
        _issuer?.Dispose();
        _root?.Dispose();
    }

    [Benchmark(Baseline = true, Description = "X509Chain.Build")]
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
                ApplicationPolicy = { new Oid("1.3.6.1.5.5.7.3.2") },
            },
        };
        chain.ChainPolicy.CustomTrustStore.Add(_root!.Certificate);
        chain.ChainPolicy.ExtraStore.AddRange(_intermediates!);
        return chain.Build(_leaf!.Certificate) ? true : throw new InvalidOperationException("The chain must build.");
    }

    [Benchmark(Description = "repeated peer")]
    public VerifiedPeer RepeatedPeer() => Accepted(_verifier!.Verify(_certificates!, PeerRole.Client));

    [Benchmark(Description = "request of a live connection")]
    public VerifiedPeer LiveConnection() => Accepted(_verifier!.Recheck(_peer!));

    private static VerifiedPeer Accepted(Verdict<VerifiedPeer> verdict) =>
        verdict.TryGet(out var peer, out var rejection) ? peer : throw new InvalidOperationException(rejection.Code);
}
