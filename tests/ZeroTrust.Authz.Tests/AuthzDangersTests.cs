using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using ZeroTrust.Authz.Diagnostics;

namespace ZeroTrust.Authz.Tests;

public sealed class AuthzDangersTests : IDisposable
{
    private readonly TestMesh _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Nothing_is_weakened_without_a_reason(string? reason)
    {
        Action<AuthzDangers>[] all = [dangers => dangers.AcceptPlainHeaders(TestMesh.GatewayId, reason!), dangers => dangers.ReportOnly(TestMesh.Start.AddDays(1), reason!)];

        Assert.All(all, weaken =>
        {
            var services = new ServiceCollection();
            Assert.ThrowsAny<ArgumentException>(() => services.AddZeroTrust().DangerousAuthz(weaken));
            using var provider = services.BuildServiceProvider();
            Assert.Empty(provider.GetRequiredService<AuthzDangers>().PlainSenders);
            Assert.Null(provider.GetService<AuthzReportOnly>());
        });
        Assert.Throws<FormatException>(() => new ServiceCollection().AddZeroTrust().DangerousAuthz(dangers => dangers.AcceptPlainHeaders("gateway", "a test")));
    }

    [Fact]
    public void Configuration_reaches_none()
    {
        Assert.DoesNotContain(typeof(AuthzDangers).GetProperties(BindingFlags.Public | BindingFlags.Instance), property => property.CanWrite);
        Assert.DoesNotContain(typeof(AuthzOptions).GetProperties(), property => property.Name.Contains("Plain", StringComparison.Ordinal) || property.Name.Contains("ReportOnly", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_weakening_is_told_at_start_and_counted()
    {
        using var service = Run(dangers => dangers.AcceptPlainHeaders(TestMesh.GatewayId, "one"), dangers => dangers.ReportOnly(TestMesh.Start.AddDays(1), "two"));
        using var gauge = new MetricCollector<int>(service.Provider.GetRequiredService<IMeterFactory>(), AuthzTelemetry.MeterName, "zerotrust.weakenings");

        foreach (var hosted in service.Provider.GetServices<IHostedService>().Where(hosted => hosted.GetType().Assembly == typeof(AuthzDangers).Assembly))
        {
            await hosted.StartAsync(TestContext.Current.CancellationToken);
        }

        string[] expected = ["authz.plain_headers:" + TestMesh.GatewayId, "authz.report_only:2026-06-02T12:00:00Z"];
        var told = service.Provider.GetRequiredService<FakeLogCollector>().GetSnapshot().Where(record => record.Id.Name == "AuthzCheckWeakened").ToList();
        Assert.Equal(expected, told.Select(record => record.GetStructuredStateValue("Weakening")), StringComparer.Ordinal);
        Assert.Equal(["one", "two"], told.Select(record => record.GetStructuredStateValue("Reason")), StringComparer.Ordinal);
        Assert.All(told, record => Assert.Equal(LogLevel.Warning, record.Level));
        gauge.RecordObservableInstruments();
        Assert.Equal(expected, gauge.GetMeasurementSnapshot().Select(measurement => measurement.Tags["zerotrust.weakening"]));
    }

    [Fact]
    public void A_rollout_that_only_reports_ends()
    {
        using var service = Run(dangers => dangers.ReportOnly(TestMesh.Start.AddDays(90), "rollout"));
        using var without = _mesh.Run(_mesh.Gateway);

        var rollout = service.Provider.GetRequiredService<AuthzReportOnly>();
        Assert.Equal((TestMesh.Start.AddDays(90), "rollout"), (rollout.Until, rollout.Reason));
        Assert.True(rollout.IsActive(rollout.Until.AddTicks(-1)));
        Assert.False(rollout.IsActive(rollout.Until));
        Assert.Null(without.Provider.GetService<AuthzReportOnly>());
        Assert.Throws<InvalidOperationException>(() => Run(dangers => dangers.ReportOnly(TestMesh.Start.AddDays(1), "one").ReportOnly(TestMesh.Start.AddDays(2), "two")));
    }

    [Fact]
    public void A_rollout_ends_ahead_and_within_ninety_days_of_the_start()
    {
        Assert.NotNull(Options(dangers => dangers.ReportOnly(TestMesh.Start.AddTicks(1), "rollout")));
        Assert.NotNull(Options(dangers => dangers.ReportOnly(TestMesh.Start.AddDays(90), "rollout")));

        AssertInvalid("AuthzDangers.ReportOnly: ", dangers => dangers.ReportOnly(TestMesh.Start, "rollout"));
        AssertInvalid("AuthzDangers.ReportOnly: ", dangers => dangers.ReportOnly(TestMesh.Start.AddDays(90).AddTicks(1), "rollout"));
    }

    [Fact]
    public void Plain_headers_are_accepted_from_holders_of_a_grant_alone()
    {
        Assert.NotNull(Options(dangers => dangers.AcceptPlainHeaders(TestMesh.GatewayId, "legacy")));

        AssertInvalid("ZeroTrust:Authz:MintGrants: none for " + TestMesh.BillingId, dangers => dangers.AcceptPlainHeaders(TestMesh.BillingId, "legacy"));
    }

    private void AssertInvalid(string start, Action<AuthzDangers> weaken)
    {
        var failure = Assert.Single(Assert.Throws<OptionsValidationException>(() => Options(weaken)).Failures);
        Assert.StartsWith(start, failure, StringComparison.Ordinal);
    }

    private AuthzOptions Options(Action<AuthzDangers> weaken)
    {
        using var service = Run(weaken);
        return service.Provider.GetRequiredService<IOptions<AuthzOptions>>().Value;
    }

    private TestService Run(params Action<AuthzDangers>[] weaken) => new(_mesh, _mesh.Gateway, TestMesh.GrantGateway, services =>
    {
        services.AddLogging(logging => logging.AddFakeLogging());
        foreach (var one in weaken)
        {
            services.AddZeroTrust().DangerousAuthz(one);
        }
    });
}
