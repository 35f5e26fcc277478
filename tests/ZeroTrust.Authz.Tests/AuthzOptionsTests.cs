using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ZeroTrust.Authz.Tests;

public sealed class AuthzOptionsTests
{
    [Fact]
    public void Nothing_configured_is_valid_and_grants_nothing()
    {
        var options = Read(new(StringComparer.Ordinal));

        Assert.Empty(options.MintGrants);
        Assert.Empty(options.TokenServices);
        Assert.Equal(TimeSpan.FromSeconds(120), options.ContextLifetime);
        Assert.Equal(TimeSpan.FromSeconds(30), options.ReuseWindow);
        Assert.Equal(4096, options.MaxCachedContexts);
    }

    [Fact]
    public void A_grant_binds_from_configuration()
    {
        var grant = Assert.Single(Read(new(StringComparer.Ordinal)
        {
            ["MintGrants:0:Workload"] = TestMesh.GatewayId,
            ["MintGrants:0:Tenants:0"] = "*",
            ["MintGrants:0:SubjectKinds:0"] = "User",
            ["MintGrants:0:Permissions:0"] = "orders:read",
            ["MintGrants:0:MaxLifetime"] = "00:01:00",
        }).MintGrants);

        Assert.Equal(TestMesh.GatewayId, grant.Workload);
        Assert.Equal("*", Assert.Single(grant.Tenants));
        Assert.Equal(SubjectKind.User, Assert.Single(grant.SubjectKinds));
        Assert.Equal("orders:read", Assert.Single(grant.Permissions));
        Assert.Equal(TimeSpan.FromMinutes(1), grant.MaxLifetime);
    }

    [Fact]
    public void Registering_twice_binds_once()
    {
        var services = Services(new(StringComparer.Ordinal) { ["MintGrants:0:Workload"] = TestMesh.GatewayId, ["MintGrants:0:Tenants:0"] = "acme", ["MintGrants:0:SubjectKinds:0"] = "User" });
        services.AddZeroTrust().AddAuthz().AddAuthz(options => options.MaxCachedContexts = 7);
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<AuthzOptions>>().Value;

        Assert.Single(options.MintGrants);
        Assert.Equal(7, options.MaxCachedContexts);
    }

    [Theory]
    [InlineData("ContextLifetime", "00:00:10", "00:00:09")]
    [InlineData("ContextLifetime", "00:02:00", "00:02:01")]
    [InlineData("ReuseWindow", "00:00:00", "-00:00:01")]
    [InlineData("ReuseWindow", "00:01:00", "00:01:01")]
    [InlineData("MaxCachedContexts", "1", "0")]
    [InlineData("MaxCachedContexts", "1000000", "1000001")]
    [InlineData("MintGrants:0:MaxLifetime", "00:00:10", "00:00:09")]
    [InlineData("MintGrants:0:MaxLifetime", "00:02:00", "00:02:01")]
    [InlineData("MintGrants:0:Workload", "dns:gateway.example.test", "gateway")]
    [InlineData("MintGrants:0:Workload", "spiffe://example.test/a", "spiffe://example.test")]
    [InlineData("MintGrants:0:Tenants:0", "*", "Acme")]
    [InlineData("MintGrants:0:Permissions", "orders:read", "orders:*", ":0")]
    [InlineData("TokenServices:0:Issuer", "https://other.example.test", " ")]
    [InlineData("TokenServices:0:Issuer", "https://other.example.test", TestMesh.GatewayId)]
    [InlineData("TokenServices:1:Issuer", "https://other.example.test", TokenService.Issuer)]
    [InlineData("TokenServices:0:MaxLifetime", "00:02:00", "00:02:01")]
    [InlineData("TokenServices:0:Tenants:0", "*", "Acme")]
    [InlineData("TokenServices:0:Permissions", "orders:read", "orders:*", ":0")]
    public void Bounds_are_exact_and_named_by_their_path(string path, string good, string bad, string below = "")
    {
        var settings = Grant();
        if (path == "ContextLifetime")
        {
            settings["ReuseWindow"] = "00:00:00";
        }

        if (path.StartsWith("TokenServices", StringComparison.Ordinal))
        {
            AddService(settings, "0", TokenService.Issuer);
            AddService(settings, path.Split(':')[1], "https://third.example.test");
            settings["TokenServices:0:Issuer"] = TokenService.Issuer;
        }

        settings[path + below] = good;
        Read(settings);

        settings[path + below] = bad;
        var exception = Assert.Throws<OptionsValidationException>(() => Read(settings));
        Assert.StartsWith($"ZeroTrust:Authz:{path}: ", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("System", "system:" + TestMesh.BillingId, null)]
    [InlineData("System", "idp/alice", "ZeroTrust:Authz:MintGrants:0:SystemSubjects:0: is not system: and a workload id")]
    [InlineData("System", "system: x", "ZeroTrust:Authz:MintGrants:0:SystemSubjects:0: is not system: and a workload id")]
    [InlineData("User", "system:" + TestMesh.BillingId, "ZeroTrust:Authz:MintGrants:0:SystemSubjects: has no effect without System among SubjectKinds")]
    public void Other_system_subjects_are_named_one_by_one(string kind, string subject, string? error)
    {
        var settings = Grant();
        settings["MintGrants:0:SubjectKinds:0"] = kind;
        settings["MintGrants:0:SystemSubjects:0"] = subject;

        var errors = Record.Exception(() => Read(settings)) is OptionsValidationException refused ? refused.Failures : [];

        Assert.Equal(error is null ? [] : [error], errors, StringComparer.Ordinal);
    }

    [Fact]
    public void All_errors_are_reported_at_once()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Read(new(StringComparer.Ordinal)
        {
            ["ContextLifetime"] = "01:00:00",
            ["MintGrants:0:Workload"] = TestMesh.GatewayId,
            ["MintGrants:1:Workload"] = TestMesh.GatewayId,
            ["MintGrants:1:Tenants:0"] = "acme",
            ["MintGrants:1:Tenants:1"] = "*",
            ["MintGrants:1:SubjectKinds:0"] = "Unspecified",
        }));

        Assert.Equal(
            """
            ZeroTrust:Authz:ContextLifetime: must lie between 10 s and 120 s
            ZeroTrust:Authz:MintGrants:0:SubjectKinds: must name User, System or both
            ZeroTrust:Authz:MintGrants:0:Tenants: must name at least one tenant, or * alone
            ZeroTrust:Authz:MintGrants:1:SubjectKinds: must name User, System or both
            ZeroTrust:Authz:MintGrants:1:SubjectKinds:0: 'Unspecified' is not one of User, System
            ZeroTrust:Authz:MintGrants:1:Tenants:1: cannot stand beside other tenants
            ZeroTrust:Authz:MintGrants:1:Workload: already has a grant
            """,
            string.Join(Environment.NewLine, exception.Failures.Order(StringComparer.Ordinal)));
    }

    private static Dictionary<string, string?> Grant() => new(StringComparer.Ordinal)
    {
        ["MintGrants:0:Workload"] = TestMesh.GatewayId,
        ["MintGrants:0:Tenants:0"] = "acme",
        ["MintGrants:0:SubjectKinds:0"] = "User",
    };

    private static void AddService(Dictionary<string, string?> settings, string index, string issuer)
    {
        settings[$"TokenServices:{index}:Issuer"] = issuer;
        settings[$"TokenServices:{index}:KeysFile"] = "keys.json";
        settings[$"TokenServices:{index}:Tenants:0"] = "acme";
        settings[$"TokenServices:{index}:SubjectKinds:0"] = "User";
    }

    private static AuthzOptions Read(Dictionary<string, string?> settings)
    {
        var services = Services(settings);
        services.AddZeroTrust().AddAuthz();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<AuthzOptions>>().Value;
    }

    private static ServiceCollection Services(Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"{AuthzOptions.SectionName}:{setting.Key}", setting.Value)))
            .Build());
        return services;
    }
}
