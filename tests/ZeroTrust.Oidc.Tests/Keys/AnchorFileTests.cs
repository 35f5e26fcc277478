using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ZeroTrust.Oidc.Tests.Keys;

/// <summary>The file of an issuer's anchors: whose it is, and what becomes of it while the service runs.</summary>
public sealed class AnchorFileTests
{
    private const string Setting = "ZeroTrust:Oidc:Issuers:main:TrustAnchorFile: ";
    private const string Why = "the host's user of the bind mount";

    [Theory]
    [InlineData("0600", "0:0", null)]
    [InlineData("0440", "0:12345", null)]
    [InlineData("0666", "0:0", "lets everybody write")]
    [InlineData("0664", "0:12345", "lets the group 12345 write")]
    [InlineData("0600", "12345:0", "belongs to the user 12345")]
    public async Task A_file_that_somebody_else_can_write_stops_the_host(string mode, string owner, string? fault)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux can give files away.");
        await using var host = await OidcHost.StartAsync(configure: issuer => Set(issuer.TrustAnchorFile!, mode, owner));

        Expect(host, fault);
    }

    [Theory]
    [InlineData("12345:12345", null)]
    [InlineData("12346:0", "belongs to the user 12346")]
    public async Task Code_may_name_an_owner(string owner, string? fault)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux can give files away.");
        await using var host = await OidcHost.StartAsync(
            configure: issuer => Set(issuer.TrustAnchorFile!, "0644", owner),
            configureServices: services => services.AddZeroTrust().DangerousMtls(mtls => mtls.AllowFileOwner(12345, Why)));

        Expect(host, fault);
        if (fault is null)
        {
            Assert.Null(await host.AskForKeysAsync());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task What_is_written_over_it_waits_for_the_next_start(int length)
    {
        string? file = null;
        await using var host = await OidcHost.StartAsync(configure: issuer => file = issuer.TrustAnchorFile);
        Assert.NotNull(host.Services.GetRequiredService<IIssuerKeySource>());
        await File.WriteAllTextAsync(file!, host.Issuer.AnchorPem[..length], TestContext.Current.CancellationToken);

        Assert.Null(await host.AskForKeysAsync());
        Assert.Equal(1, host.Issuer.DiscoveryRequests);
    }

    private static void Expect(OidcHost host, string? fault)
    {
        if (fault is null)
        {
            Assert.NotEmpty(host.Services.GetRequiredService<IOptions<OidcOptions>>().Value.Issuers);
            return;
        }

        var failure = Assert.Single(Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IOptions<OidcOptions>>().Value).Failures);
        Assert.StartsWith(Setting, failure, StringComparison.Ordinal);
        Assert.Contains(fault, failure, StringComparison.Ordinal);
    }

    private static void Set(string path, string mode, string owner)
    {
        foreach (var (command, value) in new[] { ("chown", owner), ("chmod", mode) })
        {
            using var process = Process.Start(command, [value, path]);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }
}
