using System.Security.Cryptography;
using ZeroTrust.FuzzTests.Chains;
using ZeroTrust.FuzzTests.Differential;
using ZeroTrust.FuzzTests.Mutation;
using ZeroTrust.FuzzTests.Pki;
using ZeroTrust.X509;

namespace ZeroTrust.FuzzTests.Properties;

public sealed class RevocationTests : IDisposable
{
    private const string Revoked = "x509.revoked";
    private const string VerificationFailed = "x509.verification_failed";

    private readonly KeyPool _keys = KeyPool.Create();
    private readonly ChainPlan _plan;
    private readonly Certificate _leaf;
    private readonly Certificate _root;

    public RevocationTests()
    {
        _plan = new ChainFactory(_keys).Valid(intermediates: 0);
        _leaf = Read(_plan.Leaf);
        _root = Read(_plan.Path[0]);
    }

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void A_list_nobody_changed_tells_the_truth()
    {
        Assert.True(Judge(List()).IsAccepted);
        Assert.Equal(Revoked, Judge(List(revoked: true)).Rejection?.Code);
    }

    [FuzzProperty(MaxTest = 1_500)]
    public void A_list_changed_by_anybody_does_not_hide_a_revocation(uint seed)
    {
        var list = List(revoked: true);
        var root = DerNode.TryParse(list)!;
        TreeMutation.Apply(root, new Dice(seed));

        Assert.False(Judge(root.Encode()).IsAccepted);
    }

    [FuzzProperty(MaxTest = 1_500)]
    public void A_list_changed_by_its_issuer_never_makes_the_validator_fail(uint seed)
    {
        var dice = new Dice(seed);
        var root = DerNode.TryParse(List(revoked: dice.OneIn(2)))!;
        for (var left = dice.Below(3); left >= 0; left--)
        {
            TreeMutation.Apply(root.Children![0], dice);
        }

        var changed = CertificateEncoder.Sign(root.Children![0].Encode(), _plan.Path[0].Key, HashAlgorithmName.SHA256, HashAlgorithmName.SHA256);

        Assert.NotEqual(VerificationFailed, Judge(changed).Rejection?.Code, StringComparer.Ordinal);
    }

    private static Certificate Read(CertificateSpec spec) => Certificate.Read(CertificateEncoder.Encode(spec)).Value!;

    private byte[] List(bool revoked = false) => CrlEncoder.Encode(
        _plan.Path[0], ChainFactory.Time.AddHours(-1), ChainFactory.Time.AddHours(1), revoked ? [_plan.Leaf.Serial, 70_000] : [70_000]);

    private Verdict<ValidatedPath> Judge(params IReadOnlyList<byte[]> lists)
    {
        var crls = lists.Select(list => CertificateRevocationList.Read(list)).Where(verdict => verdict.IsAccepted).Select(verdict => verdict.Value!);
        return new PathValidator(new TrustAnchorSet(_root), new CrlSet(crls))
            .Validate(_leaf, [], OwnJudge.Policy with { Revocation = RevocationMode.HardFail }, ChainFactory.Time);
    }
}
