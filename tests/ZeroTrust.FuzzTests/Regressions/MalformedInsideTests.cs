using ZeroTrust.FuzzTests.Chains;
using ZeroTrust.FuzzTests.Differential;
using ZeroTrust.FuzzTests.Mutation;
using ZeroTrust.FuzzTests.Pki;
using ZeroTrust.X509;

namespace ZeroTrust.FuzzTests.Regressions;

/// <summary>Leaves, properly signed, with something malformed in a place of no meaning to us: refused all the same, by us or by the platform's veto.</summary>
public sealed class MalformedInsideTests : IDisposable
{
    private const int SubjectField = 5;
    private const int KeyField = 6;
    private const byte SubjectUniqueIdTag = 0x82;
    private const byte Utf8String = 0x0C;

    private readonly KeyPool _keys = KeyPool.Create();

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void The_leaf_as_it_was_is_accepted() => Assert.True(Judge(static _ => { }).IsAccepted);

    [Fact]
    public void A_subject_that_is_no_utf8_is_refused() =>
        AssertRefused(static leaf => leaf.Fields[SubjectField].Children![1].Children![0].Children![1] = Value(Utf8String, 0x6C, 0x91, 0x61));

    [Fact]
    public void A_directory_name_that_is_no_utf8_is_refused() =>
        AssertRefused(static leaf => leaf.Extension(ExtensionValues.SubjectAltNameOid)!.Children!.Add(
            DerNode.TryParse([0xA4, 0x0E, 0x30, 0x0C, 0x31, 0x0A, 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0C, 0x01, 0x91])!));

    [Fact]
    public void An_other_name_without_a_type_is_refused() =>
        AssertRefused(static leaf => leaf.Extension(ExtensionValues.SubjectAltNameOid)!.Children!.Add(Value(0xA0, 0x02, 0x01, 0x02)));

    [Fact]
    public void A_unique_identifier_that_is_no_bit_string_is_refused() =>
        AssertRefused(static leaf => leaf.Fields.Insert(KeyField + 1, Value(SubjectUniqueIdTag, 0x6C, 0x65)));

    [Fact]
    public void A_key_beside_the_curve_is_refused() => AssertRefused(static leaf =>
    {
        var key = leaf.Fields[KeyField].Children!;
        var point = key[1].EncodeContent();
        point[^1] ^= 1;
        key[1] = Value(key[1].Tag, point);
    });

    private static DerNode Value(byte tag, params byte[] content) => new() { Tag = tag, Content = content };

    private void AssertRefused(Action<CertificateTree> change)
    {
        var rejection = Judge(change).Rejection;

        Assert.Contains(rejection?.Code, ["x509.malformed", "x509.key_refused", "x509.platform_veto"], StringComparer.Ordinal);
    }

    private Verdict<ValidatedPath> Judge(Action<CertificateTree> change)
    {
        var plan = new ChainFactory(_keys).Valid(intermediates: 1);
        var tree = new CertificateTree(CertificateEncoder.Encode(plan.Leaf));
        change(tree);
        var leaf = Certificate.Read(CertificateEncoder.Sign(tree.EncodeSigned(), plan.Leaf.Signer, plan.Leaf.Hash, plan.Leaf.Hash));
        return leaf.IsAccepted
            ? new PathValidator(new TrustAnchorSet(Read(plan.Path[0]))).Validate(leaf.Value, [Read(plan.Path[1])], OwnJudge.Policy with { PlatformVeto = true }, ChainFactory.Time)
            : leaf.Rejection;
    }

    private static Certificate Read(CertificateSpec spec) => Certificate.Read(CertificateEncoder.Encode(spec)).Value!;
}
