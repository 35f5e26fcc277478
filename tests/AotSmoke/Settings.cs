namespace ZeroTrust.Tests.AotSmoke;

/// <summary>Settings of every package that a service binds ahead of time.</summary>
internal static class Settings
{
    public static Dictionary<string, string?> Of(string folder, string workload) => new(StringComparer.Ordinal)
    {
        ["ZeroTrust:Listeners:mesh:Url"] = "https://127.0.0.1:0",
        ["ZeroTrust:Listeners:mesh:Role"] = "Mesh",
        ["ZeroTrust:Listeners:mesh:Peers:0"] = workload,
        ["ZeroTrust:Mtls:TrustDomain"] = "example.test",
        ["ZeroTrust:Mtls:Credential:CertificateFile"] = Path.Combine(folder, "leaf.pem"),
        ["ZeroTrust:Mtls:Credential:KeyFile"] = Path.Combine(folder, "leaf.key"),
        ["ZeroTrust:Mtls:TrustDomains:example.test:AnchorFile"] = Path.Combine(folder, "ca.pem"),
        ["ZeroTrust:Mtls:Servers:self"] = workload,
        ["ZeroTrust:Authz:MintGrants:0:Workload"] = workload,
        ["ZeroTrust:Authz:MintGrants:0:Tenants:0"] = "acme",
        ["ZeroTrust:Authz:MintGrants:0:SubjectKinds:0"] = "System",
        ["ZeroTrust:Authz:MintGrants:0:Permissions:0"] = "orders:read",
        ["ZeroTrust:Oidc:Issuers:login:Authority"] = "https://localhost:1/",
        ["ZeroTrust:Oidc:Issuers:login:Audience"] = "smoke",
        ["ZeroTrust:HealthChecks:Dependencies:oidc.keys.login:Critical"] = "false",
    };
}
