using ZeroTrust.AttackTests;
using ZeroTrust.Mtls;

namespace ZeroTrust.HostBenchmarks;

/// <summary>What both sides know of the trust domain.</summary>
internal static class Mesh
{
    public static PeerCredential CredentialOf(string folder, string workload) =>
        PeerCredential.FromPem(
            File.ReadAllText(Path.Combine(folder, workload + ".pem")), File.ReadAllText(Path.Combine(folder, workload + ".key")));

    public static Dictionary<string, string?> Settings(string folder, string workload) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["ZeroTrust:Mtls:TrustDomain"] = TestMesh.Domain,
        ["ZeroTrust:Mtls:Credential:CertificateFile"] = Path.Combine(folder, workload + ".pem"),
        ["ZeroTrust:Mtls:Credential:KeyFile"] = Path.Combine(folder, workload + ".key"),
        [$"ZeroTrust:Mtls:TrustDomains:{TestMesh.Domain}:AnchorFile"] = TestMesh.AnchorFile(folder),
        ["ZeroTrust:Authz:MintGrants:0:Workload"] = TestMesh.Gateway,
        ["ZeroTrust:Authz:MintGrants:0:Tenants:0"] = "acme",
        ["ZeroTrust:Authz:MintGrants:0:SubjectKinds:0"] = "User",
        ["ZeroTrust:Authz:MintGrants:0:Permissions:0"] = "orders:read",
    };
}
