using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ZeroTrust.Oidc.Tests;

public sealed class OidcOptionsTests
{
    [Fact]
    public void One_issuer_with_authority_and_audience_is_enough()
    {
        var options = Bind(("Issuers:main:Authority", "https://issuer.example/"), ("Issuers:main:Audience", "gateway"));

        var issuer = Assert.Single(options.Issuers).Value;
        Assert.Equal("tenant", issuer.TenantClaim);
        Assert.Equal("permissions", issuer.PermissionsClaim);
        Assert.Equal(TimeSpan.FromSeconds(5), issuer.ClockSkew);
    }

    [Fact]
    public void Lists_from_the_configuration_replace_the_defaults()
    {
        var options = Bind(
            ("Issuers:main:Authority", "https://issuer.example"), ("Issuers:main:Audience", "gateway"), ("Issuers:main:Algorithms:0", "ES256"));

        Assert.Equal(["ES256"], new Oidc.Internal.OidcIssuer("main", options.Issuers["main"]).Algorithms);
    }

    [Fact]
    public void No_issuer_at_all_is_refused() =>
        Assert.Equal(["ZeroTrust:Oidc:Issuers: at least one issuer is required."], Failures());

    [Fact]
    public void Every_error_is_reported_with_its_path()
    {
        var failures = Failures(
            ("Issuers:Main:Authority", "http://issuer.example"),
            ("Issuers:Main:Audience", " "),
            ("Issuers:Main:TrustAnchorFile", "/nowhere/ca.pem"),
            ("Issuers:Main:TenantClaim", ""),
            ("Issuers:Main:PermissionsClaim", "permissions "),
            ("Issuers:Main:Algorithms:0", "HS256"),
            ("Issuers:Main:TokenTypes:0", ""),
            ("Issuers:Main:ClockSkew", "00:00:31"),
            ("Issuers:Main:KeyRefreshInterval", "00:00:09"),
            ("Issuers:Main:MaxKeyAge", "1.00:00:01"),
            ("Issuers:Main:FetchTimeout", "00:00:00"));

        string[] paths = ["", ":Authority", ":Audience", ":TrustAnchorFile", ":TenantClaim", ":PermissionsClaim", ":Algorithms:0",
            ":TokenTypes:0", ":ClockSkew", ":KeyRefreshInterval", ":MaxKeyAge", ":FetchTimeout"];
        Assert.Equal(paths.Length, failures.Count);
        Assert.All(paths, path => Assert.Contains(failures, failure => failure.StartsWith($"ZeroTrust:Oidc:Issuers:Main{path}: ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("https://issuer.example")]
    [InlineData("https://issuer.example:8443/realms/a/")]
    public void An_https_url_is_an_authority(string authority) =>
        Assert.Empty(Failures(("Issuers:main:Authority", authority), ("Issuers:main:Audience", "gateway")));

    [Theory]
    [InlineData("")]
    [InlineData("issuer.example")]
    [InlineData("HTTPS://issuer.example")]
    [InlineData("https://user@issuer.example")]
    [InlineData("https://issuer.example?a=b")]
    [InlineData("https://issuer.example/#a")]
    [InlineData("file:///issuer")]
    public void Another_url_is_not(string authority) =>
        Assert.StartsWith(
            "ZeroTrust:Oidc:Issuers:main:Authority: ",
            Assert.Single(Failures(("Issuers:main:Authority", authority), ("Issuers:main:Audience", "gateway"))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("a", true)]
    [InlineData("entra-id-2", true)]
    [InlineData("Main", false)]
    [InlineData("-a", false)]
    [InlineData("a/b", false)]
    [InlineData("a23456789012345678901234567890123", false)]
    public void A_name_qualifies_subjects_and_is_therefore_narrow(string name, bool accepted) =>
        Assert.Equal(accepted, Failures(($"Issuers:{name}:Authority", "https://issuer.example"), ($"Issuers:{name}:Audience", "gateway")).Count == 0);

    [Fact]
    public void Two_names_for_one_issuer_are_refused()
    {
        var failure = Assert.Single(Failures(
            ("Issuers:a:Authority", "https://issuer.example"), ("Issuers:a:Audience", "gateway"),
            ("Issuers:b:Authority", "https://issuer.example/"), ("Issuers:b:Audience", "other")));

        Assert.StartsWith("ZeroTrust:Oidc:Issuers:b:Authority: ", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void An_anchor_file_holds_certificates()
    {
        using var empty = new TemporaryFile("no certificate here");

        Assert.StartsWith(
            "ZeroTrust:Oidc:Issuers:main:TrustAnchorFile: ",
            Assert.Single(Failures(
                ("Issuers:main:Authority", "https://issuer.example"), ("Issuers:main:Audience", "gateway"), ("Issuers:main:TrustAnchorFile", empty.Path))),
            StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Failures(params (string Key, string Value)[] settings)
    {
        try
        {
            Bind(settings);
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }

    private static OidcOptions Bind(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"ZeroTrust:Oidc:{setting.Key}", (string?)setting.Value)))
            .Build());
        services.AddZeroTrust().AddOidc();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<OidcOptions>>().Value;
    }
}
