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
    private const string Section = "ZeroTrust:Listeners:edge:";

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

    [Theory]
    [InlineData("CertificateFile", "u:65534:rw", "has an access control list that lets the user 65534 write")]
    [InlineData("CertificateFile", "u:65534:r", null)]
    [InlineData("KeyFile", "u:65534:r", "has an access control list that lets the user 65534 use it")]
    [InlineData("KeyFile", "u:0:r", null)]
    public async Task Files_that_a_list_gives_to_others_stop_the_host(string setting, string entry, string? fault)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/setfacl"), "setfacl is not installed.");
        using (var process = Process.Start("setfacl", ["-m", entry, _files.Settings[Section + setting]!]))
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipWhen(process.ExitCode != 0, "The file system keeps no lists.");
        }

        if (fault is null)
        {
            await using var host = await StartAsync(allowed: null);
            return;
        }

        Assert.StartsWith($"{Section}{setting}: '{_files.Settings[Section + setting]}' {fault}", await FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_the_certificates_names_their_file()
    {
        await File.AppendAllTextAsync(CertificateFile, "-----BEGIN CERTIFICATE-----\nAAAA", TestContext.Current.CancellationToken);

        Assert.StartsWith($"{Section}CertificateFile: '{CertificateFile}' is not usable: line ", await FaultAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("no key", "it holds no PEM block")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA", "line 1: the PRIVATE KEY block that begins here has no end")]
    public async Task A_fault_of_the_key_names_its_file(string content, string fault)
    {
        await File.WriteAllTextAsync(_files.KeyFile, content, TestContext.Current.CancellationToken);

        Assert.StartsWith($"{Section}KeyFile: '{_files.KeyFile}' is not usable: {fault}", await FaultAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pkey -in key -aes256 -passout pass:secret -out new", "line 1: the key is encrypted, and listeners have no setting for its password; decrypt it: openssl pkey")]
    [InlineData("ec -in key -aes256 -passout pass:secret -out new", "line 1: the key is encrypted, and listeners have no setting for its password; decrypt it: openssl pkey")]
    [InlineData("pkey -in key -outform DER -out new", "it is a binary object (DER); a listener's key is PEM: openssl pkey -inform DER")]
    [InlineData("pkcs12 -export -in cert -inkey key -passout pass: -out new", "it is PKCS#12 (PFX); a listener's key is PEM: openssl pkcs12")]
    [InlineData("genpkey -algorithm ed25519 -out new", "line 1: the key is of the algorithm 1.3.101.112; keys are RSA or EC")]
    [InlineData("ecparam -name prime256v1 -genkey -noout -out new", "line 1: the key is not the one of the first certificate")]
    public async Task So_does_a_fault_that_tools_make(string command, string fault)
    {
        Make(command, _files.KeyFile);

        Assert.StartsWith($"{Section}KeyFile: '{_files.KeyFile}' is not usable: {fault}", await FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_may_be_der()
    {
        Make("x509 -in cert -outform DER -out new", CertificateFile);

        await using var host = await StartAsync(allowed: null);
    }

    [Theory]
    [InlineData("CertificateFile")]
    [InlineData("KeyFile")]
    public async Task A_folder_is_called_one(string setting)
    {
        _files.Settings[Section + setting] = Path.GetDirectoryName(CertificateFile);

        Assert.StartsWith($"{Section}{setting}: is a folder, where a file is wanted: '", await FaultAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "600", "CertificateFile: 'cert' is not usable: line 1: a private key is among the certificates")]
    [InlineData(true, "644", "CertificateFile: 'cert' is not usable: line 1: a private key is among the certificates")]
    [InlineData(false, "600", "CertificateFile: 'cert' is not usable: line ")]
    public async Task A_private_key_beside_the_certificates_is_refused(bool isFirst, string mode, string fault)
    {
        Combine(CertificateFile, isFirst, mode);

        Assert.StartsWith(Section + fault.Replace("'cert'", $"'{CertificateFile}'", StringComparison.Ordinal), await FaultAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("600", null)]
    [InlineData("640", null)]
    [InlineData("644", "KeyFile: 'cert' has the mode 644")]
    public async Task One_file_of_both_is_kept_as_a_key_is(string mode, string? fault)
    {
        Combine(CertificateFile, isFirst: false, mode);
        _files.Settings[Section + "KeyFile"] = CertificateFile;
        if (fault is null)
        {
            await using var host = await StartAsync(allowed: null);
            return;
        }

        Assert.StartsWith(Section + fault.Replace("'cert'", $"'{CertificateFile}'", StringComparison.Ordinal), await FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_private_key_that_comes_to_the_certificates_later_is_not_taken()
    {
        await using var host = await TestHost.StartAsync(_files.Settings, time: new SteppedTimeProvider(TimeProvider.System.GetUtcNow()));
        _files.Renew();
        Combine(CertificateFile, isFirst: false, "644");
        var certificates = host.Services.GetRequiredService<EdgeCertificates>().All.Single();
        var before = certificates.GetCredential();
        certificates.Watch.Look();
        certificates.Watch.Look();

        Assert.Same(before, certificates.GetCredential());
        var told = await host.WaitForEventAsync("EdgeCertificateReloadFailed");
        Assert.Contains("and keeps the one it has: ZeroTrust:Listeners:edge:CertificateFile: '", told.Message, StringComparison.Ordinal);
        Assert.Contains("a private key is among the certificates", told.Message, StringComparison.Ordinal);
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

    private void Combine(string path, bool isFirst, string mode)
    {
        var (certificate, key) = (File.ReadAllText(CertificateFile), File.ReadAllText(_files.KeyFile));
        File.WriteAllText(path, isFirst ? $"{key}\n{certificate}" : $"{certificate}\n{key}");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
        }
    }

    /// <summary>Puts what openssl makes of the certificate and its key in place of a file, with the file's mode.</summary>
    private void Make(string command, string path)
    {
        var folder = Directory.CreateTempSubdirectory("zerotrust-openssl-").FullName;
        File.Copy(CertificateFile, Path.Combine(folder, "cert"));
        File.Copy(_files.KeyFile, Path.Combine(folder, "key"));
        using var process = Process.Start(new ProcessStartInfo("openssl", command) { WorkingDirectory = folder, RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        File.WriteAllBytes(path, File.ReadAllBytes(Path.Combine(folder, "new")));
        Directory.Delete(folder, recursive: true);
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
        Assert.StartsWith(Section, fault, StringComparison.Ordinal);
        return fault;
    }
}
