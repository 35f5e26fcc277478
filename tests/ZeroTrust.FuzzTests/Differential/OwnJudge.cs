using ZeroTrust.FuzzTests.Chains;
using ZeroTrust.X509;

namespace ZeroTrust.FuzzTests.Differential;

/// <summary>Asks our validator.</summary>
internal static class OwnJudge
{
    public static PathPolicy Policy { get; } = new()
    {
        Purpose = KeyPurposes.ServerAuth,
        Revocation = RevocationMode.None,
        PlatformVeto = false,
    };

    /// <summary>The verdict; of the bag and the anchors, what is no certificate is left out.</summary>
    public static Verdict<ValidatedPath> Judge(ChainCase chain)
    {
        var leaf = Certificate.Read(chain.Leaf);
        return leaf.IsAccepted
            ? new PathValidator(new TrustAnchorSet(ReadAll(chain.Anchors))).Validate(leaf.Value, ReadAll(chain.Bag), Policy, chain.Time)
            : leaf.Rejection;
    }

    private static Certificate[] ReadAll(IReadOnlyList<byte[]> encodings) =>
        [.. encodings.Select(der => Certificate.Read(der)).Where(verdict => verdict.IsAccepted).Select(verdict => verdict.Value!)];
}
