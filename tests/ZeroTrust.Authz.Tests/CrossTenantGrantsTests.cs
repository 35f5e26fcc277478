using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Authz.Internal;

namespace ZeroTrust.Authz.Tests;

public sealed class CrossTenantGrantsTests
{
    private const string Permission = "reports:all";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeLogger<CrossTenantGrants> _log = new();
    private readonly Audit _audit = new();

    [Fact]
    public async Task A_grant_is_recorded_before_it_is_given()
    {
        var verdict = await Acquire(Context(Permission));
        Assert.True(verdict.TryGet(out var grant, out _));
        Assert.Same(grant, Assert.Single(_audit.Written));
        Assert.Equal("The monthly report.", grant.Reason);
        Assert.Equal(_time.GetUtcNow(), grant.GrantedAt);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(60), grant.ExpiresAt);
        Assert.True(grant.CheckExpiry(grant.ExpiresAt - TimeSpan.FromTicks(1)).IsAccepted);
        Assert.Equal("authz.cross_tenant_grant_expired", grant.CheckExpiry(grant.ExpiresAt).Rejection?.Code);
    }

    [Fact]
    public async Task Without_the_permission_there_is_no_grant_and_no_record()
    {
        Assert.Equal("authz.cross_tenant_not_granted", (await Acquire(Context("orders:read"))).Rejection?.Code);
        Assert.Equal("authz.cross_tenant_not_granted", (await Acquire(Context(Permission), permission: null)).Rejection?.Code);
        Assert.Empty(_audit.Written);
        Assert.Equal(2, _log.Collector.GetSnapshot().Count(record => record.Id.Id == 3008));
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_not_granted()
    {
        _audit.Failure = new InvalidOperationException("The disk is full.");
        Assert.Equal("authz.cross_tenant_audit_failed", (await Acquire(Context(Permission))).Rejection?.Code);
        _audit.Failure = new OperationCanceledException();
        Assert.Equal("authz.cross_tenant_audit_failed", (await Acquire(Context(Permission))).Rejection?.Code);
    }

    [Fact]
    public async Task An_ended_context_is_granted_nothing()
    {
        var context = Context(Permission);
        _time.Advance(TimeSpan.FromSeconds(120));
        Assert.Equal("authz.expired", (await Acquire(context)).Rejection?.Code);
    }

    [Fact]
    public async Task A_grant_has_a_reason_and_a_bounded_lifetime()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Acquire(Context(Permission), reason: " "));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Acquire(Context(Permission), seconds: 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Acquire(Context(Permission), seconds: 301));
        Assert.True((await Acquire(Context(Permission), seconds: 300)).IsAccepted);
    }

    [Fact]
    public async Task The_default_audit_logs_who_why_and_until_when()
    {
        var grants = new CrossTenantGrants(new AuthzOptions { CrossTenantPermission = Permission }, new LoggedCrossTenantAudit(_log), _time, _log);
        Assert.True((await grants.AcquireAsync(Context(Permission), "The monthly report.", TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).IsAccepted);
        var record = Assert.Single(_log.Collector.GetSnapshot());
        Assert.Equal(3007, record.Id.Id);
        Assert.Contains("The monthly report.", record.Message, StringComparison.Ordinal);
    }

    private Task<Verdict<CrossTenantGrant>> Acquire(AuthzContext context, string? permission = Permission, string reason = "The monthly report.", int seconds = 60) =>
        new CrossTenantGrants(new AuthzOptions { CrossTenantPermission = permission }, _audit, _time, _log)
            .AcquireAsync(context, reason, TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);

    private AuthzContext Context(string permission)
    {
        Assert.True(PermissionSet.TryCreate([permission], out var permissions));
        return new AuthzContext(
            TenantId.Parse("acme"), SubjectId.Parse("user:ada"), permissions, "txn", [], _time.GetUtcNow() + TimeSpan.FromSeconds(120), new ContextWire("", [], []));
    }

    private sealed class Audit : ICrossTenantAudit
    {
        internal List<CrossTenantGrant> Written { get; } = [];

        internal Exception? Failure { get; set; }

        public Task WriteAsync(CrossTenantGrant grant, CancellationToken cancellationToken)
        {
            if (Failure is not null)
            {
                throw Failure;
            }

            Written.Add(grant);
            return Task.CompletedTask;
        }
    }
}
