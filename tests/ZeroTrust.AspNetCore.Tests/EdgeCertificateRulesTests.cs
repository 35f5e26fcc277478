using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.Testing;
using ZeroTrust.Tests.Support;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>An edge certificate that clients refuse stops the host at start and is not taken later; one of a public CA passes.</summary>
public sealed class EdgeCertificateRulesTests : IDisposable
{
    private const string Dependency = "aspnetcore.certificate.edge";
    private const string Setting = "ZeroTrust:Listeners:edge:CertificateFile: ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SteppedTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly EdgeFiles _files = new();
    private readonly FaultySignal _signal = new();

    public enum Flaw
    {
        Expired,
        NotYetValid,
        ForClientsOnly,
        WithoutExtendedKeyUsage,
        WeakKey,
        WeakSignature,
        WithoutNames,
        WithUriNameOnly,
        WithoutDigitalSignature,
        SigningCertificates,
        Authority,
        UnknownCriticalExtension,
    }

    public enum Kind
    {
        PublicOf90Days,
        PublicOf398Days,
        ForAnAddress,
        Wildcard,
        OfServersOnly,
        Rsa,
        WithoutKeyUsage,
        BeginningWithinTheSkew,
    }

    public static TheoryData<Flaw, string> Flaws => new()
    {
        { Flaw.Expired, "is valid from " },
        { Flaw.NotYetValid, "is valid from " },
        { Flaw.ForClientsOnly, "x509.extended_key_usage_missing" },
        { Flaw.WithoutExtendedKeyUsage, "x509.extended_key_usage_missing" },
        { Flaw.WeakKey, "x509.key_refused" },
        { Flaw.WeakSignature, "x509.signature_algorithm_refused" },
        { Flaw.WithoutNames, "has no DNS name and no IP address as subject alternative name" },
        { Flaw.WithUriNameOnly, "has no DNS name and no IP address as subject alternative name" },
        { Flaw.WithoutDigitalSignature, "x509.leaf_key_usage_invalid" },
        { Flaw.SigningCertificates, "x509.leaf_key_usage_invalid" },
        { Flaw.Authority, "x509.leaf_is_ca" },
        { Flaw.UnknownCriticalExtension, "x509.unknown_critical_extension" },
    };

    public static TheoryData<Kind> Kinds => [.. Enum.GetValues<Kind>()];

    public static TheoryData<Flaw> LaterFlaws => [Flaw.Expired, Flaw.ForClientsOnly, Flaw.WithoutNames, Flaw.WeakSignature, Flaw.NotYetValid];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Theory]
    [MemberData(nameof(Flaws))]
    public async Task A_certificate_that_clients_refuse_stops_the_host_which_says_why(Flaw flaw, string why)
    {
        _files.Renew(options => Spoil(options, flaw));

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            await using var host = await TestHost.StartAsync(_files.Settings);
        });

        var fault = Assert.Single(failure.Failures);
        Assert.StartsWith(Setting, fault, StringComparison.Ordinal);
        Assert.Contains(why, fault, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_certificate_that_clients_accept_is_served(Kind kind)
    {
        var thumbprint = _files.Renew(options => Shape(options, kind));

        await using var host = await TestHost.StartAsync(_files.Settings);

        Assert.Equal(thumbprint, await ThumbprintOfAsync(host));
    }

    [Theory]
    [MemberData(nameof(LaterFlaws))]
    public async Task A_new_certificate_that_clients_refuse_is_not_taken_and_the_last_good_one_stays(Flaw flaw)
    {
        await using var host = await StartAsync();
        using var reloads = new MetricCollector<long>(
            host.Services.GetRequiredService<IMeterFactory>(), "ZeroTrust.AspNetCore", "zerotrust.aspnetcore.certificate.reloads");
        var first = await ThumbprintOfAsync(host);

        _files.Renew(options => Spoil(options, flaw));
        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.Degraded);
        Assert.Equal(first, await ThumbprintOfAsync(host));
        var told = await host.WaitForEventAsync("EdgeCertificateReloadFailed");
        Assert.Contains("the certificate ", told.GetStructuredStateValue("Detail"), StringComparison.Ordinal);

        var next = _files.Renew();
        await AdvanceUntilAsync(async () => await ThumbprintOfAsync(host) == next);
        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.Ready);
        await host.WaitForEventAsync("EdgeCertificateReloaded");
        Assert.Equal(
            "refused edge, accepted edge",
            string.Join(", ", reloads.GetMeasurementSnapshot().Select(measured => $"{measured.Tags["zerotrust.result"]} {measured.Tags["zerotrust.listener"]}")));
    }

    [Fact]
    public async Task A_certificate_that_nears_its_end_is_degraded_and_one_that_has_ended_is_not_ready()
    {
        var end = _time.GetUtcNow().AddDays(20);
        _files.Renew(options => (options.NotBefore, options.NotAfter) = (_time.GetUtcNow().AddDays(-70), end));
        await using var host = await StartAsync();
        using var remaining = new MetricCollector<double>(
            host.Services.GetRequiredService<IMeterFactory>(), "ZeroTrust.AspNetCore", "zerotrust.aspnetcore.certificate.remaining");
        Assert.Equal(DependencyState.Ready, _signal.Of(Dependency));
        remaining.RecordObservableInstruments();
        var measured = Assert.Single(remaining.GetMeasurementSnapshot());
        Assert.Equal("edge", measured.Tags["zerotrust.listener"]);
        Assert.InRange(measured.Value, TimeSpan.FromDays(19.9).TotalSeconds, TimeSpan.FromDays(20).TotalSeconds);

        _time.Step(TimeSpan.FromDays(12));
        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.Degraded);
        Assert.Equal(LogLevel.Warning, (await host.WaitForEventAsync("EdgeCertificateEnding")).Level);

        _time.Step(TimeSpan.FromDays(9));
        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.NotReady);
        Assert.Equal("edge", (await host.WaitForEventAsync("EdgeCertificateExpired")).GetStructuredStateValue("Listener"));
    }

    [Fact]
    public async Task A_certificate_that_the_clock_was_set_back_before_is_not_ready()
    {
        await using var host = await StartAsync();
        _time.Step(TimeSpan.FromHours(-1));

        await AdvanceUntilAsync(() => _signal.Of(Dependency) == DependencyState.NotReady);
        Assert.Equal(LogLevel.Error, (await host.WaitForEventAsync("EdgeCertificateNotYetValid")).Level);
    }

    private static void Spoil(TestLeafOptions options, Flaw flaw)
    {
        var now = TimeProvider.System.GetUtcNow();
        switch (flaw)
        {
            case Flaw.Expired:
                (options.NotBefore, options.NotAfter) = (now.AddYears(-5), now.AddYears(-4));
                break;
            case Flaw.NotYetValid:
                (options.NotBefore, options.NotAfter) = (now.AddHours(1), now.AddDays(90));
                break;
            case Flaw.ForClientsOnly:
                options.ServerAuth = false;
                break;
            case Flaw.WithoutExtendedKeyUsage:
                (options.ServerAuth, options.ClientAuth) = (false, false);
                break;
            case Flaw.WeakKey:
                options.Key = TestKeyAlgorithm.Rsa1024;
                break;
            case Flaw.WeakSignature:
                options.WeakSignature = true;
                break;
            case Flaw.WithoutNames:
                options.DnsNames.Clear();
                break;
            case Flaw.WithUriNameOnly:
                options.DnsNames.Clear();
                options.SpiffeId = Mesh.Server;
                break;
            case Flaw.WithoutDigitalSignature:
                options.KeyUsage = X509KeyUsageFlags.KeyEncipherment;
                break;
            case Flaw.SigningCertificates:
                options.KeyUsage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign;
                break;
            case Flaw.Authority:
                options.IsCa = true;
                break;
            default:
                options.Extensions.Add(new X509Extension("1.3.6.1.4.1.55738.666.1", [5, 0], critical: true));
                break;
        }
    }

    private static void Shape(TestLeafOptions options, Kind kind)
    {
        var now = TimeProvider.System.GetUtcNow();
        switch (kind)
        {
            case Kind.PublicOf90Days:
                Public(options, now.AddDays(-1), days: 90);
                break;
            case Kind.PublicOf398Days:
                Public(options, now.AddDays(-30), days: 398);
                options.Key = TestKeyAlgorithm.Rsa2048;
                break;
            case Kind.ForAnAddress:
                options.DnsNames.Clear();
                options.IpAddresses.Add(IPAddress.Loopback);
                break;
            case Kind.Wildcard:
                options.DnsNames.Add("*.shop.example");
                break;
            case Kind.OfServersOnly:
                options.ClientAuth = false;
                break;
            case Kind.Rsa:
                options.Key = TestKeyAlgorithm.Rsa2048;
                break;
            case Kind.WithoutKeyUsage:
                options.KeyUsage = null;
                break;
            default:
                options.NotBefore = now.AddSeconds(4);
                break;
        }
    }

    // As a public CA issues: serverAuth alone, URLs, a policy, and timestamps of certificate transparency.
    private static void Public(TestLeafOptions options, DateTimeOffset begin, int days)
    {
        options.DnsNames.Add("www.shop.example");
        options.ClientAuth = false;
        (options.NotBefore, options.NotAfter) = (begin, begin.AddDays(days));
        options.KeyUsage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment;
        options.IssuerUrl = "http://issuer.example/ca.cer";
        options.Extensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension(["http://crl.example/1.crl"]));
        options.Extensions.Add(new X509Extension("2.5.29.32", Convert.FromHexString("300a3008060667810c010201"), critical: false));
        options.Extensions.Add(new X509Extension("1.3.6.1.4.1.11129.2.4.2", Convert.FromHexString("04020000"), critical: false));
    }

    private static async Task<string?> ThumbprintOfAsync(TestHost host)
    {
        string? thumbprint = null;
        using var client = Mesh.Connect(
            host.EndPoint("edge"), certificate: null, connected: stream => thumbprint = stream.RemoteCertificate?.GetCertHashString());
        using var response = await client.GetAsync(new Uri("/", UriKind.Relative), Cancelled);
        return thumbprint;
    }

    private Task<TestHost> StartAsync() =>
        TestHost.StartAsync(_files.Settings, build: builder => builder.Services.AddSingleton<IReadinessSignal>(_signal), time: _time);

    private Task AdvanceUntilAsync(Func<bool> reached) => AdvanceUntilAsync(() => Task.FromResult(reached()));

    private async Task AdvanceUntilAsync(Func<Task<bool>> reached)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await reached())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "It never came to it.");
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(TimeSpan.FromMilliseconds(5), Cancelled);
        }
    }
}
