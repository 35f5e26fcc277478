using ZeroTrust.Testing;

namespace ZeroTrust.AttackTests;

/// <summary>A throw-away trust domain in files, which the child processes read.</summary>
internal static class TestMesh
{
    public const string Domain = "example.test";
    public const string Orders = "spiffe://example.test/orders";
    public const string Gateway = "spiffe://example.test/gateway";

    private const string AnchorName = "anchor.path";

    public static void WriteTo(string folder)
    {
        using var root = TestCertificateAuthority.Create("attack root");
        using var authority = root.CreateIntermediate("attack intermediate");
        File.WriteAllText(Path.Combine(folder, AnchorName), root.WriteAnchorTo(folder));
        Write(authority, Orders, folder, "orders");
        Write(authority, Gateway, folder, "gateway");
    }

    public static string AnchorFile(string folder) => File.ReadAllText(Path.Combine(folder, AnchorName));

    private static void Write(TestCertificateAuthority authority, string workload, string folder, string name)
    {
        using var leaf = authority.Issue(workload);
        leaf.WriteTo(folder, name);
    }
}
