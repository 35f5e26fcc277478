using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.Authz.Tests;

/// <summary>Billing believes the plain headers of the gateway, within the gateway's grant and its own.</summary>
public sealed class PlainContextReaderTests : IDisposable
{
    private readonly TestMesh _mesh = new();
    private readonly TestService _billing;

    public PlainContextReaderTests() => _billing = Run(dangers => dangers.AcceptPlainHeaders(TestMesh.GatewayId, "legacy gateway"));

    public void Dispose()
    {
        _billing.Dispose();
        _mesh.Dispose();
    }

    [Fact]
    public void A_listed_peer_acts_within_its_grant_and_the_own_one()
    {
        var context = AuthzAssert.Accepted(Read("acme", "idp/alice", "orders:read orders:write"));

        Assert.Equal("acme", context.Tenant.ToString());
        Assert.Equal("idp/alice", context.Subject.ToString());
        Assert.Equal("orders:read orders:write", context.Permissions.ToString());
        Assert.Equal(TestMesh.BillingId, Assert.Single(context.CallChain).ToString());
        Assert.Empty(AuthzAssert.Accepted(Read("acme", "idp/alice", string.Empty)).Permissions);
    }

    [Fact]
    public void The_context_can_be_handed_on_and_is_believed_there()
    {
        using var orders = _mesh.Run(_mesh.Orders, Grants);
        var context = AuthzAssert.Accepted(Read("acme", "idp/alice", "orders:read"));

        var headers = AuthzAssert.Accepted(_billing.Linker.Link(context, WorkloadId.Parse(TestMesh.OrdersId)));

        Assert.Equal([TestMesh.BillingId, TestMesh.OrdersId], AuthzAssert.Accepted(orders.Verifier.Verify(headers, orders.Peer(_mesh.Billing))).CallChain.Select(hop => hop.ToString()), StringComparer.Ordinal);
    }

    [Fact]
    public void A_peer_that_is_not_listed_is_not_believed()
    {
        using var nobody = Run(weaken: null);
        using var unnamed = _mesh.Authority.Issue(options =>
        {
            options.DnsNames.Add("a.example.test");
            options.DnsNames.Add("b.example.test");
        });

        AuthzAssert.Refused(AuthzRejectionReason.PlainSenderNotListed, Read("acme", "idp/alice", "orders:read", _mesh.Audit));
        AuthzAssert.Refused(AuthzRejectionReason.PlainSenderNotListed, Read("acme", "idp/alice", "orders:read", unnamed));
        AuthzAssert.Refused(AuthzRejectionReason.PlainSenderNotListed, _billing.Reader.Read(new("acme", "idp/alice", "orders:read"), _billing.Peer(_mesh.Gateway, PeerRole.Server)));
        AuthzAssert.Refused(AuthzRejectionReason.PlainSenderNotListed, nobody.Reader.Read(new("acme", "idp/alice", "orders:read"), nobody.Peer(_mesh.Gateway)));
        Assert.True(_billing.Reader.IsListed(_billing.Peer(_mesh.Gateway)));
        Assert.False(_billing.Reader.IsListed(_billing.Peer(_mesh.Audit)));
    }

    [Theory]
    [InlineData(AuthzRejectionReason.MintTenantNotGranted, "initech", "idp/alice", "orders:read")]
    [InlineData(AuthzRejectionReason.MintTenantNotGranted, "hooli", "idp/alice", "orders:read")]
    [InlineData(AuthzRejectionReason.MintSubjectKindNotGranted, "acme", "system:job", "orders:read")]
    [InlineData(AuthzRejectionReason.MintPermissionNotGranted, "acme", "idp/alice", "orders:delete")]
    [InlineData(AuthzRejectionReason.MintPermissionNotGranted, "acme", "idp/alice", "orders:read invoice:write")]
    public void Both_grants_have_to_cover_it(AuthzRejectionReason reason, string tenant, string subject, string permissions) =>
        AuthzAssert.Refused(reason, Read(tenant, subject, permissions));

    [Theory]
    [InlineData("", "idp/alice", "orders:read")]
    [InlineData(" acme", "idp/alice", "orders:read")]
    [InlineData("Acme", "idp/alice", "orders:read")]
    [InlineData("acme,globex", "idp/alice", "orders:read")]
    [InlineData("\u0430cme", "idp/alice", "orders:read")]
    [InlineData("acme", "", "orders:read")]
    [InlineData("acme", "idp/alice,idp/bob", "orders:read")]
    [InlineData("acme", "idp/alice", "orders:read,orders:write")]
    [InlineData("acme", "idp/alice", "orders:read  orders:write")]
    [InlineData("acme", "idp/alice", "orders:read orders:read")]
    [InlineData("acme", "idp/alice", " ")]
    [InlineData("acme", "idp/alice", "*")]
    public void A_value_that_is_not_exactly_one_is_refused(string tenant, string subject, string permissions) =>
        AuthzAssert.Refused(AuthzRejectionReason.PlainContextMalformed, Read(tenant, subject, permissions));

    [Fact]
    public void The_senders_grant_and_certificate_shorten_the_lifetime()
    {
        using var ending = _mesh.Authority.Issue(options => (options.SpiffeId, options.NotAfter) = (TestMesh.GatewayId, TestMesh.Start.AddSeconds(20)));

        Assert.Equal(TestMesh.Start.AddSeconds(40), AuthzAssert.Accepted(Read("acme", "idp/alice", "orders:read")).ExpiresAt);
        Assert.Equal(TestMesh.Start.AddSeconds(20), AuthzAssert.Accepted(Read("acme", "idp/alice", "orders:read", ending)).ExpiresAt);
    }

    [Fact]
    public void A_sender_whose_grant_was_forgotten_is_refused()
    {
        // The start refuses such a list; the reader does not rely on it.
        using var certificate = _mesh.Authority.Issue("spiffe://example.test/legacy");
        var reader = new PlainContextReader(
            new HashSet<WorkloadId> { WorkloadId.Parse("spiffe://example.test/legacy") }, _billing.Provider.GetRequiredService<Internal.MintGrants>(), _billing.Minter, _mesh.Time);

        AuthzAssert.Refused(AuthzRejectionReason.MintGrantMissing, reader.Read(new("acme", "idp/alice", "orders:read"), _billing.Peer(certificate)));
    }

    [Fact]
    public void Three_values_are_read_and_nothing_else()
    {
        var headers = AuthzAssert.Accepted(PlainHeaders.FromValues(["acme"], ["idp/alice"], [""], besideToken: false));
        Assert.Equal(("acme", "idp/alice", string.Empty), (headers.Tenant, headers.Subject, headers.Permissions));

        AuthzAssert.Refused(AuthzRejectionReason.ContextMissing, PlainHeaders.FromValues([], [], [], besideToken: false));
        AuthzAssert.Refused(AuthzRejectionReason.ContextMissing, PlainHeaders.FromValues([], [], [], besideToken: true));
        AuthzAssert.Refused(AuthzRejectionReason.PlainContextBesideToken, PlainHeaders.FromValues(["acme"], ["idp/alice"], ["a"], besideToken: true));
        AuthzAssert.Refused(AuthzRejectionReason.PlainContextBesideToken, PlainHeaders.FromValues([], [], ["a"], besideToken: true));
        AuthzAssert.Refused(AuthzRejectionReason.PlainContextIncomplete, PlainHeaders.FromValues([], ["idp/alice"], ["a"], besideToken: false));
        AuthzAssert.Refused(AuthzRejectionReason.PlainContextIncomplete, PlainHeaders.FromValues(["acme"], [], ["a"], besideToken: false));
        AuthzAssert.Refused(AuthzRejectionReason.PlainContextIncomplete, PlainHeaders.FromValues(["acme"], ["idp/alice"], [], besideToken: false));
        AuthzAssert.Refused(AuthzRejectionReason.HeaderDuplicated, PlainHeaders.FromValues(["acme", "acme"], ["idp/alice"], ["a"], besideToken: false));
        AuthzAssert.Refused(AuthzRejectionReason.HeaderDuplicated, PlainHeaders.FromValues(["acme"], ["idp/alice", "idp/bob"], ["a"], besideToken: false));
        AuthzAssert.Refused(AuthzRejectionReason.HeaderDuplicated, PlainHeaders.FromValues(["acme"], [], ["a", "b"], besideToken: false));
    }

    [Fact]
    public void The_plain_header_that_lacks_or_has_several_values_is_named()
    {
        Named("X-Subject-ID: several values", PlainHeaders.FromValues(["acme"], ["idp/alice", "idp/bob"], ["a"], besideToken: false));
        Named("X-Permissions: several values", PlainHeaders.FromValues(["acme"], ["idp/alice"], ["a", "b"], besideToken: false));
        Named("X-Tenant-ID: it is missing", PlainHeaders.FromValues([], ["idp/alice"], ["a"], besideToken: false));

        static void Named(string named, Verdict<PlainHeaders> refused) =>
            Assert.StartsWith(named, refused.Rejection!.Detail, StringComparison.Ordinal);
    }

    private static void Grants(AuthzOptions options)
    {
        options.MintGrants.Add(new MintGrantOptions
        {
            Workload = TestMesh.GatewayId,
            Tenants = ["acme", "hooli"],
            SubjectKinds = [SubjectKind.User],
            Permissions = ["orders:read", "orders:write", "invoice:write"],
            MaxLifetime = TimeSpan.FromSeconds(40),
        });
        options.MintGrants.Add(new MintGrantOptions
        {
            Workload = TestMesh.BillingId,
            Tenants = ["acme", "initech"],
            SubjectKinds = [SubjectKind.User, SubjectKind.System],
            Permissions = ["orders:read", "orders:write", "orders:delete"],
        });
    }

    private Verdict<AuthzContext> Read(string tenant, string subject, string permissions, TestCertificate? sender = null) =>
        _billing.Reader.Read(new PlainHeaders(tenant, subject, permissions), _billing.Peer(sender ?? _mesh.Gateway));

    private TestService Run(Action<AuthzDangers>? weaken) => new(_mesh, _mesh.Billing, Grants, services =>
    {
        if (weaken is not null)
        {
            services.AddZeroTrust().DangerousAuthz(weaken);
        }
    });
}
