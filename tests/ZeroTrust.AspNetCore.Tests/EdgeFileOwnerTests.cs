using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore.Listeners;
using ZeroTrust.Testing;
using ZeroTrust.Tests.Support;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>Whose the files of an edge certificate are, which of them is at fault, and what is told when they shrink.</summary>
public sealed class EdgeFileOwnerTests : IDisposable
{
    private const string Setting = "ZeroTrust:Listeners:edge:CertificateFile: ";

    private readonly EdgeFiles _files = new();

    private string CertificateFile => _files.Settings["ZeroTrust:Listeners:edge:CertificateFile"]!;

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("12345", null, "belongs to the user 12345")]
    [InlineData("12346", 12345, "belongs to the user 12346")]
    [InlineData("12345", 12345, null)]
    [InlineData("0", null, null)]
    public async Task Files_of_another_user_stop_the_host_unless_code_names_the_user(string owner, int? allowed, string? fault)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux can give files away.");
        Give(CertificateFile, owner);
        Give(_files.KeyFile, owner);

        if (fault is null)
        {
            await using var host = await StartAsync(allowed);
            return;
        }

        Assert.Contains(fault, await FaultAsync(allowed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_the_certificates_names_their_file()
    {
        await File.AppendAllTextAsync(CertificateFile, "-----BEGIN CERTIFICATE-----\nAAAA", TestContext.Current.CancellationToken);

        Assert.Contains($"'{CertificateFile}': line ", await FaultAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("no key", "it holds no PEM block")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA", "line 1: the PRIVATE KEY block that begins here has no end")]
    public async Task A_fault_of_the_key_names_its_file(string content, string fault)
    {
        await File.WriteAllTextAsync(_files.KeyFile, content, TestContext.Current.CancellationToken);

        Assert.Contains($"'{_files.KeyFile}': {fault}", await FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_sent_is_told_at_load()
    {
        using var old = TestCertificateAuthority.Create("old root");
        using var cross = old.CreateIntermediate("cross");
        var cancelled = TestContext.Current.CancellationToken;
        await File.AppendAllTextAsync(CertificateFile, $"\n{cross.Certificate.ExportCertificatePem()}\n", cancelled);
        await using var host = await TestHost.StartAsync(_files.Settings, time: new SteppedTimeProvider(TimeProvider.System.GetUtcNow()));

        var told = await host.WaitForEventAsync("EdgeCertificateNotSent");
        Assert.Equal(LogLevel.Warning, told.Level);
        Assert.Contains("CN=cross (issued by CN=old root)", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_is_sent_is_not_told()
    {
        using var certificate = _files.Mesh.Intermediate.Issue(options => options.DnsNames.Add("shop.example"));
        certificate.WriteTo(Path.GetDirectoryName(CertificateFile)!, "edge");

        await using var host = await StartAsync(allowed: null);

        Assert.False(host.Logged("EdgeCertificateNotSent"));
    }

    [Fact]
    public async Task Fewer_intermediates_are_told_with_their_numbers()
    {
        using var certificate = _files.Mesh.Intermediate.Issue(options => options.DnsNames.Add("shop.example"));
        certificate.WriteTo(Path.GetDirectoryName(CertificateFile)!, "edge");
        await using var host = await TestHost.StartAsync(_files.Settings, time: new SteppedTimeProvider(TimeProvider.System.GetUtcNow()));
        await File.WriteAllTextAsync(CertificateFile, certificate.Certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        var watch = host.Services.GetRequiredService<EdgeCertificates>().All.Single().Watch;
        for (var look = 0; look < 10; look++)
        {
            watch.Look();
            Assert.False(host.Logged("EdgeCertificateShrank"));
        }

        watch.Look();
        Assert.Equal(LogLevel.Warning, (await host.WaitForEventAsync("EdgeCertificateShrank")).Level);
        Assert.Contains("0 intermediates in place of 1", (await host.WaitForEventAsync("EdgeCertificateShrank")).Message, StringComparison.Ordinal);
        Assert.True(host.Logged("EdgeCertificateReloadFailed"));
    }

    private static void Give(string path, string user)
    {
        using var process = Process.Start("chown", [user, path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private Task<TestHost> StartAsync(int? allowed) => TestHost.StartAsync(_files.Settings, mesh: null, builder =>
    {
        if (allowed is { } user)
        {
            builder.Services.AddZeroTrust().DangerousMtls(mtls => mtls.AllowFileOwner((uint)user, "the host's user of the bind mount"));
        }
    });

    private async Task<string> FaultAsync(int? allowed = null)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            await using var host = await StartAsync(allowed);
        });
        var fault = Assert.Single(failure.Failures);
        Assert.StartsWith(Setting, fault, StringComparison.Ordinal);
        return fault;
    }
}
