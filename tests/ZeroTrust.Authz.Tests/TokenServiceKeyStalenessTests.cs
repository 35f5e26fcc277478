using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroTrust.Authz.Internal;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz.Tests;

/// <summary>The file of a token service's keys is not looked at any more.</summary>
public sealed class TokenServiceKeyStalenessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("zt-stale-").FullName;
    private readonly TestMesh _mesh = new();
    private readonly TokenService _service = new();
    private readonly List<string> _told = [];

    private string KeysFile => Path.Combine(_folder, "keys.json");

    public void Dispose()
    {
        _service.Dispose();
        _mesh.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Roots_of_the_service_are_refused_as_unavailable_until_the_next_look()
    {
        using var billing = Run(_mesh.Billing);
        using var orders = Run(_mesh.Orders);
        var files = Files(orders);
        var held = AuthzAssert.Accepted(billing.Minter.Redeem(_service.Root(_mesh.Time.GetUtcNow())));
        var headers = AuthzAssert.Accepted(billing.Linker.Link(held, WorkloadId.Parse(TestMesh.OrdersId)));
        AuthzAssert.Accepted(orders.Verifier.Verify(headers, orders.Peer(_mesh.Billing)));
        files.Watch.Begin(_mesh.Time);

        // Asked in the last part of the time, as readiness does: a process that was stopped itself is given that part to look again.
        _mesh.Time.Advance(TimeSpan.FromSeconds(55));
        AuthzAssert.Accepted(orders.Verifier.Verify(headers, orders.Peer(_mesh.Billing)));
        _mesh.Time.Advance(TimeSpan.FromSeconds(4));
        AuthzAssert.Accepted(orders.Verifier.Verify(headers, orders.Peer(_mesh.Billing)));
        _mesh.Time.Advance(TimeSpan.FromSeconds(1));
        AuthzAssert.Refused(AuthzRejectionReason.TokenServiceKeysStale, orders.Verifier.Verify(headers, orders.Peer(_mesh.Billing)));
        Assert.Equal(RejectionKind.Unavailable, AuthzRejections.Refuse(AuthzRejectionReason.TokenServiceKeysStale, "x").Kind);

        files.Watch.Look();
        AuthzAssert.Accepted(orders.Verifier.Verify(headers, orders.Peer(_mesh.Billing)));
    }

    [Theory]
    [InlineData(true, DependencyState.Degraded)]
    [InlineData(false, DependencyState.NotReady)]
    public void A_service_that_would_refuse_every_context_is_not_ready(bool mintsElsewhere, DependencyState state)
    {
        using var orders = Run(_mesh.Orders, mintsElsewhere);
        var source = (FileTokenServiceKeySource)orders.Provider.GetRequiredService<ITokenServiceKeySource>();
        var health = Health(orders, source);
        health.Report();
        Assert.Equal("authz.token_service_keys Ready", _told[^1]);
        Files(orders).Watch.Begin(_mesh.Time);

        _mesh.Time.Advance(TimeSpan.FromSeconds(5));
        health.Report();
        Assert.Equal("authz.token_service_keys Degraded", _told[^1]);
        _mesh.Time.Advance(TimeSpan.FromSeconds(50));
        health.Report();
        _mesh.Time.Advance(TimeSpan.FromSeconds(5));
        health.Report();
        Assert.Equal($"authz.token_service_keys {state}", _told[^1]);
    }

    [Theory]
    [InlineData("{\"keys\":[]}", false, DependencyState.NotReady)]
    [InlineData("{\"keys\":[]}", true, DependencyState.Degraded)]
    [InlineData("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"1\",\"x\":\"AAAA\"}]}", false, DependencyState.NotReady)]
    [InlineData("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"enc\",\"kid\":\"1\",\"x\":\"AAAA\",\"y\":\"AAAA\"}]}", true, DependencyState.Degraded)]
    public void Keys_of_which_none_is_usable_are_like_no_keys(string document, bool mintsElsewhere, DependencyState state)
    {
        using var orders = Run(_mesh.Orders, mintsElsewhere, document);
        var source = (FileTokenServiceKeySource)orders.Provider.GetRequiredService<ITokenServiceKeySource>();
        var health = Health(orders, source);
        health.Report();
        Assert.Equal($"authz.token_service_keys {state}", _told[^1]);

        File.WriteAllText(KeysFile, TokenService.Document(_service));
        Assert.True(Files(orders).Reload());
        health.Report();
        Assert.Equal("authz.token_service_keys Ready", _told[^1]);
    }

    [Fact]
    public void One_usable_key_beside_one_that_is_left_out_is_ready()
    {
        var document = TokenService.Document(_service).Replace("{\"keys\":[", "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"1\",\"x\":\"AAAA\"},", StringComparison.Ordinal);
        using var orders = Run(_mesh.Orders, mintsElsewhere: false, document);
        var source = (FileTokenServiceKeySource)orders.Provider.GetRequiredService<ITokenServiceKeySource>();

        Health(orders, source).Report();

        Assert.Single(Files(orders).Keys!.Ignored);
        Assert.Equal("authz.token_service_keys Ready", _told[^1]);
    }

    [Fact]
    public void A_stale_credential_signs_nothing()
    {
        using var gateway = new TestService(_mesh, _mesh.Gateway, TestMesh.GrantGateway, services => services.AddSingleton<IPeerCredentialSource>(new StaleCredential(_mesh)));

        var refused = gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, PermissionSet.Parse("orders:read"));
        Assert.Equal("mtls.credential_stale", refused.Rejection?.Code);
    }

    private static TokenServiceKeyFile Files(TestService service) =>
        Assert.Single(((FileTokenServiceKeySource)service.Provider.GetRequiredService<ITokenServiceKeySource>()).Files);

    private TokenServiceKeyHealth Health(TestService service, FileTokenServiceKeySource source) => new(
        source,
        service.Provider.GetRequiredService<MintGrants>(),
        new ReadinessReporter([new Signal(_told)], new WatchEvents()),
        NullLogger.Instance);

    private TestService Run(Testing.TestCertificate certificate, bool mintsElsewhere = true, string? document = null)
    {
        File.WriteAllText(KeysFile, document ?? TokenService.Document(_service));
        return new TestService(_mesh, certificate, options =>
        {
            if (mintsElsewhere)
            {
                TestMesh.GrantGateway(options);
            }

            options.TokenServices.Add(new TokenServiceOptions
            {
                Issuer = TokenService.Issuer,
                KeysFile = KeysFile,
                Tenants = ["acme"],
                SubjectKinds = [SubjectKind.User],
                Permissions = ["orders:read", "orders:write"],
            });
        });
    }

    private sealed class Signal(List<string> told) : IReadinessSignal
    {
        public void Report(string dependency, DependencyState state, string? reason = null) => told.Add($"{dependency} {state}");
    }

    private sealed class StaleCredential(TestMesh mesh) : IPeerCredentialSource, IWatchedSource
    {
        public PeerCredential GetCredential() => mesh.Gateway.ToCredential();

        public Microsoft.Extensions.Primitives.IChangeToken GetReloadToken() => new Microsoft.Extensions.Primitives.CancellationChangeToken(CancellationToken.None);

        public Rejection? CheckStaleness() => new("mtls.credential_stale", "It is not looked at.", RejectionKind.Unavailable);
    }
}
