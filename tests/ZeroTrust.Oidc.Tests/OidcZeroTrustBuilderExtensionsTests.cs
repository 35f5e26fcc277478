using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ZeroTrust.Oidc.Internal;
using ZeroTrust.Oidc.Tokens;

namespace ZeroTrust.Oidc.Tests;

public sealed class OidcZeroTrustBuilderExtensionsTests
{
    [Fact]
    public async Task Registering_twice_registers_once_and_applies_both_changes()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddZeroTrust()
            .AddOidc(options => options.Issuers["a"] = new OidcIssuerOptions { Authority = "https://a.example", Audience = "gateway" })
            .AddOidc(options => options.Issuers["b"] = new OidcIssuerOptions { Authority = "https://b.example", Audience = "gateway" });
        using var host = builder.Build();

        Assert.Equal(2, host.Services.GetRequiredService<IOptions<OidcOptions>>().Value.Issuers.Count);
        Assert.Single(host.Services.GetServices<IIssuerKeySource>());
        var schemes = await host.Services.GetRequiredService<IAuthenticationSchemeProvider>().GetAllSchemesAsync();
        Assert.Equal(OidcDefaults.Scheme, Assert.Single(schemes).Name);
    }

    [Fact]
    public async Task A_bad_option_stops_the_host_with_its_path()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddZeroTrust().AddOidc();
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("ZeroTrust:Oidc:Issuers: ", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_scheme_has_our_handler_alone_and_no_metadata_of_its_own()
    {
        await using var host = await OidcHost.StartAsync();
        var scheme = host.Services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(OidcDefaults.Scheme);

        Assert.IsType<AccessTokenHandler>(Assert.Single(scheme.TokenHandlers));
        Assert.Null(scheme.ConfigurationManager);
        Assert.False(scheme.MapInboundClaims);
        Assert.False(scheme.SaveToken);
        Assert.False(scheme.IncludeErrorDetails);
    }

    [Fact]
    public async Task Verifications_and_fetches_are_counted_by_result()
    {
        await using var host = await OidcHost.StartAsync();
        var meters = host.Services.GetRequiredService<IMeterFactory>();
        using var tokens = new MetricCollector<long>(meters, OidcTelemetry.MeterName, "zerotrust.oidc.token.verifications");
        using var fetches = new MetricCollector<long>(meters, OidcTelemetry.MeterName, "zerotrust.oidc.key.fetches");

        await host.JudgeAsync(host.Token());
        await host.JudgeAsync(host.Token(token => token.Claims.Remove("tenant")));

        var (accepted, refused) = tokens.GetMeasurementSnapshot() is [var first, var second] ? (first, second) : throw new InvalidOperationException();
        Assert.Equal("accepted", accepted.Tags["zerotrust.result"]);
        Assert.False(accepted.Tags.ContainsKey("error.type"));
        Assert.Equal("refused", refused.Tags["zerotrust.result"]);
        Assert.Equal("oidc.claim_missing", refused.Tags["error.type"]);
        Assert.Equal("accepted", Assert.Single(fetches.GetMeasurementSnapshot()).Tags["zerotrust.result"]);
    }

    [Fact]
    public void Only_an_outage_is_unavailable_and_everything_else_unauthenticated()
    {
        foreach (var reason in Enum.GetValues<OidcRejectionReason>())
        {
            var expected = reason switch
            {
                OidcRejectionReason.Unspecified => RejectionKind.Unspecified,
                OidcRejectionReason.IssuerUnavailable or OidcRejectionReason.IssuerMetadataRefused => RejectionKind.Unavailable,
                _ => RejectionKind.Unauthenticated,
            };

            Assert.Equal(expected, OidcRejections.Family.KindOf(reason));
        }
    }
}
