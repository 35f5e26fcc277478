using System.Globalization;
using ZeroTrust.Testing;

namespace ZeroTrust.Authz.Tests;

/// <summary>How large contexts are: the table of <c>docs/reference/context-token.md</c>.</summary>
public sealed class ContextSizeTests : IDisposable
{
    private static readonly string[] Names = ["gateway", "orders", "billing", "audit", "archive"];

    private static readonly Lazy<List<string[]>> PageRows = new(() =>
        [.. File.ReadLines(RepositoryFile.PathOf("docs/reference/context-token.md"))
            .Select(line => line.Trim('|', ' ').Split(" | "))
            .Where(row => row is ["P-256" or "RSA 2048", _, _, _, _, _])]);

    private readonly TestMesh _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Theory]
    [InlineData(TestKeyAlgorithm.EcdsaP256, false, 1, 1590)]
    [InlineData(TestKeyAlgorithm.EcdsaP256, false, 2, 2640)]
    [InlineData(TestKeyAlgorithm.EcdsaP256, false, 3, 3700)]
    [InlineData(TestKeyAlgorithm.EcdsaP256, false, 4, 4750)]
    [InlineData(TestKeyAlgorithm.EcdsaP256, true, 1, 2120)]
    [InlineData(TestKeyAlgorithm.EcdsaP256, true, 2, 3180)]
    [InlineData(TestKeyAlgorithm.EcdsaP256, true, 3, 4230)]
    [InlineData(TestKeyAlgorithm.EcdsaP256, true, 4, 5280)]
    [InlineData(TestKeyAlgorithm.Rsa2048, false, 1, 2630)]
    [InlineData(TestKeyAlgorithm.Rsa2048, false, 2, 4470)]
    [InlineData(TestKeyAlgorithm.Rsa2048, false, 3, 6300)]
    [InlineData(TestKeyAlgorithm.Rsa2048, false, 4, 8140)]
    [InlineData(TestKeyAlgorithm.Rsa2048, true, 1, 3690)]
    [InlineData(TestKeyAlgorithm.Rsa2048, true, 2, 5530)]
    [InlineData(TestKeyAlgorithm.Rsa2048, true, 3, 7360)]
    [InlineData(TestKeyAlgorithm.Rsa2048, true, 4, 9200)]
    public void A_context_is_as_large_as_the_page_says(TestKeyAlgorithm key, bool intermediate, int signers, int about)
    {
        using var authority = Authority(key, intermediate);
        var length = Length(authority, key, signers);

        // An ECDSA signature in a certificate varies by a few bytes.
        Assert.InRange(length, about - 30, about + 30);
        Assert.Equal(length <= TxnHeaders.MaxLength, about <= TxnHeaders.MaxLength);
        var (leaf, between) = (key == TestKeyAlgorithm.EcdsaP256 ? "P-256" : "RSA 2048", intermediate ? "one" : "none");
        var row = PageRows.Value.Single(row => row[0] == leaf && row[1] == between);
        Assert.Equal(
            about.ToString("N0", CultureInfo.InvariantCulture),
            row[signers + 1].Replace(" (refused)", string.Empty, StringComparison.Ordinal));
        Assert.Equal(about > TxnHeaders.MaxLength, row[signers + 1].EndsWith("(refused)", StringComparison.Ordinal));
    }

    private TestCertificateAuthority Authority(TestKeyAlgorithm key, bool intermediate)
    {
        var root = TestCertificateAuthority.Create(options => (options.Key, options.Time) = (key, _mesh.Time));
        return intermediate ? root.CreateIntermediate(options => (options.Key, options.Time) = (key, _mesh.Time)) : root;
    }

    private int Length(TestCertificateAuthority authority, TestKeyAlgorithm key, int signers)
    {
        var leaves = Names.Take(signers).Select(Issue).ToList();
        var root = Forge.Root(leaves[0], TestMesh.Start);
        var links = new List<string>();
        for (var i = 0; i < signers; i++)
        {
            links.Add(Forge.Link(leaves[i], TestMesh.Start, links.LastOrDefault(root), $"spiffe://example.test/{Names[i + 1]}"));
        }

        var length = root.Length + string.Join('~', links).Length + Forge.Certs(leaves).Length;
        leaves.ForEach(leaf => leaf.Dispose());
        return length;

        TestCertificate Issue(string name) =>
            authority.Issue(options => (options.SpiffeId, options.Key) = ($"spiffe://example.test/{name}", key));
    }
}
