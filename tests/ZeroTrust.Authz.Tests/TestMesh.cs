using ZeroTrust.Mtls;
using ZeroTrust.Testing;
using ZeroTrust.Tests.Support;

namespace ZeroTrust.Authz.Tests;

/// <summary>A trust domain with its authority, its clock and the certificates of four workloads.</summary>
internal sealed class TestMesh : IDisposable
{
    internal const string Domain = "example.test";
    internal const string GatewayId = "spiffe://example.test/gateway";
    internal const string OrdersId = "spiffe://example.test/orders";
    internal const string BillingId = "spiffe://example.test/billing";
    internal const string AuditId = "spiffe://example.test/audit";

    internal static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    internal static readonly TenantId Tenant = TenantId.Parse("acme");
    internal static readonly SubjectId Subject = SubjectId.Parse("idp/alice");

    private TestService? _receiver;

    internal TestMesh()
    {
        Authority = TestCertificateAuthority.Create("mesh root", Time);
        Bundles = new MemoryTrustBundleSource(new TrustBundleSet(Authority.ToBundle(Domain)));
        Gateway = Authority.Issue(GatewayId);
        Orders = Authority.Issue(OrdersId);
        Billing = Authority.Issue(BillingId);
        Audit = Authority.Issue(AuditId);
    }

    internal SteppedTimeProvider Time { get; } = new(Start);

    internal TestCertificateAuthority Authority { get; }

    internal MemoryTrustBundleSource Bundles { get; }

    internal TestCertificate Gateway { get; }

    internal TestCertificate Orders { get; }

    internal TestCertificate Billing { get; }

    internal TestCertificate Audit { get; }

    /// <summary>Orders as it runs, once for this mesh.</summary>
    internal TestService Receiver => _receiver ??= Run(Orders);

    internal static void GrantGateway(AuthzOptions options) => options.MintGrants.Add(new MintGrantOptions
    {
        Workload = GatewayId,
        Tenants = ["acme", "globex"],
        SubjectKinds = [SubjectKind.User],
        Permissions = ["orders:read", "orders:write", "invoice:write"],
    });

    /// <summary>A workload as it runs: with its certificate, and believing what the gateway mints.</summary>
    internal TestService Run(TestCertificate certificate, Action<AuthzOptions>? configure = null) =>
        new(this, certificate, configure ?? GrantGateway);

    public void Dispose()
    {
        _receiver?.Dispose();
        Gateway.Dispose();
        Orders.Dispose();
        Billing.Dispose();
        Audit.Dispose();
        Authority.Dispose();
    }
}
