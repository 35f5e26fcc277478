using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using ZeroTrust.X509;

namespace ZeroTrust.Benchmarks;

/// <summary>What a hostile peer can make a verification cost, reading its certificates included, beside one verification on P-256.</summary>
[MemoryDiagnoser]
public class HostilePathBenchmarks
{
    private static readonly PathPolicy Policy = new() { Purpose = KeyPurposes.ServerAuth, Revocation = RevocationMode.None, PlatformVeto = false };

    private readonly DateTimeOffset _now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly byte[] _hash = RandomNumberGenerator.GetBytes(32);
    private byte[][] _peer = [];
    private PathValidator? _validator;
    private ECDsa? _key;
    private byte[] _signature = [];

    /// <summary>The kind of attack.</summary>
    [ParamsSource(nameof(Kinds))]
    public string Kind { get; set; } = string.Empty;

    /// <summary>The kinds of attack.</summary>
    public static IEnumerable<string> Kinds => HostilePeers.Kinds;

    [GlobalSetup]
    public void Setup()
    {
        _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _signature = _key.SignHash(_hash);
        var (peer, anchor) = HostilePeers.Make(Kind);
        _peer = peer;
        _validator = new PathValidator(new TrustAnchorSet(Certificate.Read(anchor).GetOrThrow()));
    }

    [GlobalCleanup]
    public void Cleanup() => _key?.Dispose();

    [Benchmark(Baseline = true, Description = "one P-256 verification")]
    public bool OneVerification() => _key!.VerifyHash(_hash, _signature);

    [Benchmark(Description = "path, refused")]
    public string Refused()
    {
        var leaf = Certificate.Read(_peer[0]).GetOrThrow();
        var intermediates = new Certificate[_peer.Length - 1];
        for (var i = 0; i < intermediates.Length; i++)
        {
            intermediates[i] = Certificate.Read(_peer[i + 1]).GetOrThrow();
        }

        var verdict = _validator!.Validate(leaf, intermediates, Policy, _now);
        return verdict.IsAccepted ? throw new InvalidOperationException("The path must be refused.") : verdict.Rejection.Code;
    }
}
