using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using ZeroTrust.Authz.Diagnostics;

namespace ZeroTrust.Authz.Tests;

public sealed class AuthzTelemetryTests : IDisposable
{
    private readonly TestMesh _mesh = new();
    private readonly TestService _gateway;

    public AuthzTelemetryTests() => _gateway = new TestService(
        _mesh, _mesh.Gateway, TestMesh.GrantGateway, services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddFakeLogging()));

    public void Dispose()
    {
        _gateway.Dispose();
        _mesh.Dispose();
    }

    [Fact]
    public void Mints_are_counted_and_logged_by_their_code()
    {
        using var mints = Collector("zerotrust.authz.context.mints");

        _gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, PermissionSet.Empty);
        _gateway.Minter.Mint(TenantId.Parse("initech"), TestMesh.Subject, PermissionSet.Empty);

        var measured = mints.GetMeasurementSnapshot();
        Assert.Equal("accepted", measured[0].Tags["zerotrust.result"]);
        Assert.False(measured[0].Tags.ContainsKey("error.type"));
        Assert.Equal("refused", measured[1].Tags["zerotrust.result"]);
        Assert.Equal("authz.mint_tenant_not_granted", measured[1].Tags["error.type"]);
        var logged = _gateway.Provider.GetRequiredService<FakeLogCollector>().GetSnapshot();
        Assert.Contains(logged, record => record.Id.Name == "ContextMinted" && record.Level == LogLevel.Debug);
        Assert.Contains(logged, record => record.Id.Name == "MintRefused" && record.Level == LogLevel.Warning && record.Message.Contains("authz.mint_tenant_not_granted", StringComparison.Ordinal));
    }

    [Fact]
    public void Links_and_verifications_are_counted_by_their_code()
    {
        using var links = Collector("zerotrust.authz.context.links");
        using var verifications = Collector("zerotrust.authz.context.verifications");
        var minted = _gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, PermissionSet.Empty).GetOrThrow();

        var toSelf = _gateway.Linker.Link(minted, WorkloadId.Parse(TestMesh.GatewayId)).GetOrThrow();
        _gateway.Verifier.Verify(toSelf, _gateway.Peer(_mesh.Gateway));
        _gateway.Verifier.Verify(toSelf, _gateway.Peer(_mesh.Audit));

        Assert.Equal("accepted", Assert.Single(links.GetMeasurementSnapshot()).Tags["zerotrust.result"]);
        Assert.Equal("accepted", verifications.GetMeasurementSnapshot()[0].Tags["zerotrust.result"]);
        Assert.Equal("authz.sender_mismatch", verifications.GetMeasurementSnapshot()[1].Tags["error.type"]);
    }

    private MetricCollector<long> Collector(string instrument) =>
        new(_gateway.Provider.GetRequiredService<IMeterFactory>(), AuthzTelemetry.MeterName, instrument);
}
