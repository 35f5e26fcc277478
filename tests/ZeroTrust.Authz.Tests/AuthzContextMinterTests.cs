using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Tests;

public sealed class AuthzContextMinterTests : IDisposable
{
    private static readonly PermissionSet Read = PermissionSet.Parse("orders:read");

    private readonly TestMesh _mesh = new();
    private readonly TestService _gateway;

    public AuthzContextMinterTests() => _gateway = _mesh.Run(_mesh.Gateway);

    public void Dispose()
    {
        _gateway.Dispose();
        _mesh.Dispose();
    }

    [Fact]
    public void A_minted_context_is_held_by_its_minter()
    {
        var context = AuthzAssert.Accepted(Mint());

        Assert.Equal(TestMesh.Tenant, context.Tenant);
        Assert.Equal(TestMesh.Subject, context.Subject);
        Assert.Equal(Read, context.Permissions);
        Assert.Equal(TestMesh.GatewayId, Assert.Single(context.CallChain).ToString());
        Assert.Equal(TestMesh.Start.AddSeconds(120), context.ExpiresAt);
        Assert.True(CanonicalBase64Url.TryDecode(context.TransactionId, out var bits));
        Assert.Equal(16, bits.Length);
    }

    [Fact]
    public void A_workload_without_grant_mints_nothing()
    {
        using var orders = _mesh.Run(_mesh.Orders);

        AuthzAssert.Refused(AuthzRejectionReason.MintGrantMissing, orders.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, Read));
        Assert.Empty(orders.Minter.GetPermissionCeiling());
    }

    [Fact]
    public void The_own_grant_covers_tenants_kinds_of_subject_and_permissions()
    {
        AuthzAssert.Accepted(_gateway.Minter.Mint(TenantId.Parse("globex"), TestMesh.Subject, PermissionSet.Empty));
        AuthzAssert.Accepted(_gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, _gateway.Minter.GetPermissionCeiling()));

        AuthzAssert.Refused(AuthzRejectionReason.MintTenantNotGranted, _gateway.Minter.Mint(TenantId.Parse("initech"), TestMesh.Subject, Read));
        AuthzAssert.Refused(AuthzRejectionReason.MintTenantNotGranted, _gateway.Minter.Mint(default, TestMesh.Subject, Read));
        AuthzAssert.Refused(AuthzRejectionReason.MintSubjectKindNotGranted, _gateway.Minter.Mint(TestMesh.Tenant, SubjectId.Parse("system:job"), Read));
        AuthzAssert.Refused(AuthzRejectionReason.MintSubjectKindNotGranted, _gateway.Minter.Mint(TestMesh.Tenant, default, Read));
        AuthzAssert.Refused(AuthzRejectionReason.MintPermissionNotGranted, _gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, PermissionSet.Parse("orders:delete")));
    }

    [Fact]
    public void A_workload_acts_for_itself_within_its_grant_and_says_why()
    {
        var logs = new FakeLogCollector();
        using var orders = Orders(SubjectKind.System, logs);

        var context = AuthzAssert.Accepted(orders.Minter.CreateSystemContext(TestMesh.Tenant, Read, "nightly invoices"));

        Assert.Equal("system:" + TestMesh.OrdersId, context.Subject.ToString());
        Assert.Equal(SubjectKind.System, context.Subject.Kind);
        Assert.Equal((TestMesh.Tenant, Read), (context.Tenant, context.Permissions));
        var told = Assert.Single(logs.GetSnapshot(), record => record.Id.Name == "SystemContextCreated");
        Assert.Equal("nightly invoices", told.GetStructuredStateValue("Reason"));
        Assert.Equal(context.TransactionId, told.GetStructuredStateValue("TransactionId"));

        AuthzAssert.Refused(AuthzRejectionReason.MintPermissionNotGranted, orders.Minter.CreateSystemContext(TestMesh.Tenant, PermissionSet.Parse("orders:write"), "nightly"));
        AuthzAssert.Refused(AuthzRejectionReason.MintTenantNotGranted, orders.Minter.CreateSystemContext(TenantId.Parse("globex"), Read, "nightly"));
        Assert.Single(logs.GetSnapshot(), record => record.Id.Name == "SystemContextCreated");
        Assert.Throws<ArgumentException>(() => orders.Minter.CreateSystemContext(TestMesh.Tenant, Read, " "));
    }

    [Fact]
    public void A_grant_for_users_lets_no_workload_act_for_itself()
    {
        using var orders = Orders(SubjectKind.User, new FakeLogCollector());

        AuthzAssert.Refused(AuthzRejectionReason.MintSubjectKindNotGranted, orders.Minter.CreateSystemContext(TestMesh.Tenant, Read, "nightly"));
        AuthzAssert.Accepted(orders.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, Read));
    }

    [Fact]
    public void A_context_does_not_outlive_the_credential_it_stands_for()
    {
        var full = AuthzAssert.Accepted(Mint());
        var shortened = AuthzAssert.Accepted(MintUntil(TestMesh.Start.AddSeconds(40.5)));

        Assert.Equal(TestMesh.Start.AddSeconds(40), shortened.ExpiresAt);
        Assert.Equal(full.ExpiresAt, AuthzAssert.Accepted(MintUntil(full.ExpiresAt)).ExpiresAt.AddSeconds(80));
        AuthzAssert.Refused(AuthzRejectionReason.Expired, MintUntil(TestMesh.Start));
        AuthzAssert.Accepted(MintUntil(TestMesh.Start.AddSeconds(1)));

        Verdict<AuthzContext> MintUntil(DateTimeOffset notAfter) => _gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, Read, notAfter);
    }

    [Fact]
    public void Every_tenant_means_every_named_tenant()
    {
        using var gateway = _mesh.Run(_mesh.Gateway, options => options.MintGrants.Add(new MintGrantOptions
        {
            Workload = TestMesh.GatewayId,
            Tenants = ["*"],
            SubjectKinds = [SubjectKind.System],
        }));

        AuthzAssert.Accepted(gateway.Minter.Mint(TenantId.Parse("anything"), SubjectId.Parse("system:" + TestMesh.GatewayId), PermissionSet.Empty));
        AuthzAssert.Refused(AuthzRejectionReason.MintTenantNotGranted, gateway.Minter.Mint(default, SubjectId.Parse("system:job"), PermissionSet.Empty));
    }

    [Fact]
    public void The_grant_shortens_the_lifetime()
    {
        using var gateway = _mesh.Run(_mesh.Gateway, options =>
        {
            TestMesh.GrantGateway(options);
            options.MintGrants[0].MaxLifetime = TimeSpan.FromSeconds(40);
        });

        Assert.Equal(TestMesh.Start.AddSeconds(40), AuthzAssert.Accepted(gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, Read)).ExpiresAt);
    }

    [Fact]
    public void The_own_certificate_shortens_the_lifetime()
    {
        using var certificate = _mesh.Authority.Issue(options => (options.SpiffeId, options.NotAfter) = (TestMesh.GatewayId, TestMesh.Start.AddSeconds(30)));
        using var gateway = _mesh.Run(certificate);

        Assert.Equal(TestMesh.Start.AddSeconds(30), AuthzAssert.Accepted(gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, Read)).ExpiresAt);
        _mesh.Time.Advance(TimeSpan.FromSeconds(30));
        var ended = gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, Read);
        AuthzAssert.Refused(AuthzRejectionReason.OwnCertificateExpired, ended);
        Assert.Equal(RejectionKind.Unavailable, ended.Rejection!.Kind);
    }

    [Fact]
    public void An_ended_certificate_is_an_outage_even_where_the_credential_of_the_user_has_ended_too()
    {
        using var certificate = _mesh.Authority.Issue(options => (options.SpiffeId, options.NotAfter) = (TestMesh.GatewayId, TestMesh.Start.AddSeconds(30)));
        using var gateway = _mesh.Run(certificate);
        var endsFirst = TestMesh.Start.AddSeconds(20);

        _mesh.Time.Advance(TimeSpan.FromSeconds(25));
        AuthzAssert.Refused(AuthzRejectionReason.Expired, gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, Read, endsFirst));
        _mesh.Time.Advance(TimeSpan.FromSeconds(5));
        AuthzAssert.Refused(AuthzRejectionReason.OwnCertificateExpired, gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, Read, endsFirst));
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void A_certificate_that_has_not_begun_signs_nothing_beyond_the_clock_skew(int seconds, bool isAccepted)
    {
        using var certificate = _mesh.Authority.Issue(options => (options.SpiffeId, options.NotBefore) = (TestMesh.GatewayId, TestMesh.Start.AddSeconds(seconds)));
        using var gateway = _mesh.Run(certificate);
        var verdict = gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, Read);

        if (isAccepted)
        {
            AuthzAssert.Accepted(verdict);
            return;
        }

        AuthzAssert.Refused(AuthzRejectionReason.OwnCertificateExpired, verdict);
        Assert.Contains("is not yet valid", verdict.Rejection!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("system:" + TestMesh.BillingId)]
    [InlineData("system:root")]
    [InlineData("system:" + TestMesh.GatewayId + "/more")]
    [InlineData("system:")]
    public void A_system_subject_of_another_workload_is_not_minted(string subject)
    {
        using var gateway = RunSystem();

        AuthzAssert.Refused(AuthzRejectionReason.MintSubjectNotGranted, gateway.Minter.Mint(TestMesh.Tenant, SubjectId.Parse(subject), PermissionSet.Empty));
        AuthzAssert.Accepted(gateway.Minter.Mint(TestMesh.Tenant, SubjectId.Parse("system:" + TestMesh.GatewayId), PermissionSet.Empty));
        AuthzAssert.Accepted(gateway.Minter.CreateSystemContext(TestMesh.Tenant, PermissionSet.Empty, "nightly"));
    }

    [Fact]
    public void A_grant_may_list_other_system_subjects()
    {
        using var gateway = RunSystem("system:" + TestMesh.BillingId);

        AuthzAssert.Accepted(gateway.Minter.Mint(TestMesh.Tenant, SubjectId.Parse("system:" + TestMesh.BillingId), PermissionSet.Empty));
        AuthzAssert.Refused(AuthzRejectionReason.MintSubjectNotGranted, gateway.Minter.Mint(TestMesh.Tenant, SubjectId.Parse("system:" + TestMesh.AuditId), PermissionSet.Empty));
    }

    [Fact]
    public void A_workload_without_a_name_mints_nothing()
    {
        using var unnamed = _mesh.Authority.Issue(options =>
        {
            options.DnsNames.Add("a.example.test");
            options.DnsNames.Add("b.example.test");
        });
        using var service = _mesh.Run(unnamed);

        AuthzAssert.Refused(AuthzRejectionReason.OwnWorkloadUnnamed, service.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, Read));
    }

    [Fact]
    public void The_same_request_is_served_by_one_context_within_the_reuse_window()
    {
        var first = AuthzAssert.Accepted(Mint());

        _mesh.Time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.Same(first, AuthzAssert.Accepted(Mint()));
        _mesh.Time.Advance(TimeSpan.FromSeconds(0.1));
        var second = AuthzAssert.Accepted(Mint());
        Assert.NotSame(first, second);
        Assert.NotEqual(first.TransactionId, second.TransactionId, StringComparer.Ordinal);
    }

    [Fact]
    public void Another_subject_tenant_or_set_of_permissions_is_another_context()
    {
        var first = AuthzAssert.Accepted(Mint());

        Assert.NotSame(first, AuthzAssert.Accepted(_gateway.Minter.Mint(TestMesh.Tenant, SubjectId.Parse("idp/bob"), Read)));
        Assert.NotSame(first, AuthzAssert.Accepted(_gateway.Minter.Mint(TenantId.Parse("globex"), TestMesh.Subject, Read)));
        Assert.NotSame(first, AuthzAssert.Accepted(_gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, PermissionSet.Parse("orders:read orders:write"))));
        Assert.Same(first, AuthzAssert.Accepted(Mint()));
    }

    [Fact]
    public void A_window_of_zero_gives_every_call_its_own_context()
    {
        using var gateway = _mesh.Run(_mesh.Gateway, options =>
        {
            TestMesh.GrantGateway(options);
            options.ReuseWindow = TimeSpan.Zero;
        });
        var first = AuthzAssert.Accepted(gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, Read));

        Assert.NotEqual(first.TransactionId, AuthzAssert.Accepted(gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, Read)).TransactionId, StringComparer.Ordinal);
    }

    [Fact]
    public void A_renewed_certificate_mints_anew()
    {
        using var renewed = _mesh.Authority.Issue(TestMesh.GatewayId);
        var first = AuthzAssert.Accepted(Mint());

        _gateway.Credentials.Replace(renewed.ToCredential());

        Assert.NotSame(first, AuthzAssert.Accepted(Mint()));
    }

    private Verdict<AuthzContext> Mint() => _gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, Read);

    private TestService RunSystem(params string[] others) => _mesh.Run(_mesh.Gateway, options => options.MintGrants.Add(new MintGrantOptions
    {
        Workload = TestMesh.GatewayId,
        Tenants = ["acme"],
        SubjectKinds = [SubjectKind.System],
        SystemSubjects = others,
    }));

    private TestService Orders(SubjectKind kind, FakeLogCollector logs) => new(
        _mesh,
        _mesh.Orders,
        options => options.MintGrants.Add(new MintGrantOptions
        {
            Workload = TestMesh.OrdersId,
            Tenants = ["acme"],
            SubjectKinds = [kind],
            Permissions = ["orders:read"],
        }),
        services => services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(logs))));
}
