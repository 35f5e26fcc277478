using ZeroTrust.FuzzTests.Pki;

namespace ZeroTrust.FuzzTests.Chains;

/// <summary>A chain before it is encoded; twists change it.</summary>
/// <param name="keys">The keys to use.</param>
/// <param name="time">The moment of the decision.</param>
internal sealed class ChainPlan(KeyPool keys, DateTimeOffset time)
{
    // The longest path has five keys; the others are free.
    private const int PathKeys = 5;

    private int _freeKeys;

    public KeyPool Keys { get; } = keys;

    public DateTimeOffset Time { get; } = time;

    /// <summary>The chain, the root first and the leaf last.</summary>
    public List<CertificateSpec> Path { get; } = [];

    /// <summary>Certificates the peer sends beside its path.</summary>
    public List<CertificateSpec> Others { get; } = [];

    /// <summary>Members of the path the peer does not send.</summary>
    public HashSet<CertificateSpec> Withheld { get; } = [];

    public List<CertificateSpec> Anchors { get; } = [];

    public List<string> Recipe { get; } = [];

    public CertificateSpec Leaf => Path[^1];

    /// <summary>The certificates that issue: all but the leaf.</summary>
    public IReadOnlyList<CertificateSpec> Authorities => Path[..^1];

    /// <summary>A key that no certificate of the path has.</summary>
    public TestKey FreeKey() => Keys.Common(PathKeys + (_freeKeys++ % (KeyPool.CommonKeys - PathKeys)));
}
