using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Mtls;
using ZeroTrust.Tool.Tests.Support;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.Tests;

public sealed class DevCertsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 6, 1, 12, 0, 0, TimeSpan.Zero));

    private string Out => _folder.File("certs");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Printed_settings_let_services_prove_themselves_to_each_other()
    {
        var run = (await ToolRun.OfAsync("dev-certs", "--out", Out, "gateway", "orders")).Succeeded();

        Assert.Equal("spiffe://dev.local/gateway", await Mesh.CallAsync(Settings.Of(run, "orders"), Settings.Of(run, "gateway"), "orders"));
    }

    [Fact]
    public async Task Services_of_two_authorities_do_not_trust_each_other()
    {
        var ours = await ToolRun.OfAsync("dev-certs", "--out", Out, "gateway", "orders");
        var theirs = await ToolRun.OfAsync("dev-certs", "--out", _folder.File("others"), "gateway", "orders");

        await Assert.ThrowsAsync<RejectionException>(() => Mesh.CallAsync(Settings.Of(ours, "orders"), Settings.Of(theirs, "gateway"), "orders"));
    }

    [Fact]
    public async Task Keys_are_readable_by_their_owner_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        await RunAsync("orders");
        await RunAsync("orders", "--force");

        foreach (var file in Directory.GetFiles(Out, "*.key"))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Equal(3, Directory.GetFiles(Out, "*.key").Length);
        Assert.True(File.GetUnixFileMode(Path.Combine(Out, "orders.pem")).HasFlag(UnixFileMode.OtherRead));
    }

    [Fact]
    public async Task Folder_is_closed_to_version_control_and_holds_no_leftovers()
    {
        await RunAsync("orders", "--crl");

        Assert.Equal("*", (await ReadAsync(".gitignore")).Trim());
        Assert.Equal(
            [".gitignore", "ca.key", "ca.pem", "crl.pem", "intermediate.key", "intermediate.pem", "orders.key", "orders.pem"],
            Directory.GetFiles(Out).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task Files_can_be_put_one_behind_another()
    {
        await RunAsync("orders", "billing", "--crl");

        foreach (var file in Directory.GetFiles(Out))
        {
            var text = await ReadAsync(Path.GetFileName(file));
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\n\n", text, StringComparison.Ordinal);
        }

        var joined = new X509Certificate2Collection();
        joined.ImportFromPem(await ReadAsync("ca.pem") + await ReadAsync("intermediate.pem") + await ReadAsync("orders.pem"));
        Assert.Equal(4, joined.Count);
    }

    [Fact]
    public async Task Private_keys_are_never_printed()
    {
        var run = await RunAsync("orders", "--crl");

        Assert.DoesNotContain("PRIVATE", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Again_renews_the_leaf_and_keeps_the_authority()
    {
        await RunAsync("orders");
        var (authority, intermediate, leaf, key) =
            (await ReadAsync("ca.pem"), await ReadAsync("intermediate.pem"), await ReadAsync("orders.pem"), await ReadAsync("orders.key"));
        _time.Advance(TimeSpan.FromHours(12));

        var run = await RunAsync("orders");

        Assert.Contains("kept", run.Output, StringComparison.Ordinal);
        Assert.Equal((authority, intermediate), (await ReadAsync("ca.pem"), await ReadAsync("intermediate.pem")));
        Assert.NotEqual(leaf, await ReadAsync("orders.pem"), StringComparer.Ordinal);
        Assert.NotEqual(key, await ReadAsync("orders.key"), StringComparer.Ordinal);
        using var renewed = X509Certificate2.CreateFromPem(await ReadAsync("orders.pem"));
        Assert.Equal(_time.GetUtcNow().AddDays(1), new DateTimeOffset(renewed.NotAfter));
    }

    [Fact]
    public async Task Running_service_picks_up_a_renewal()
    {
        var run = await RunAsync("orders");
        var options = Options.Create(Mesh.Read(Settings.Of(run, "orders")).GetSection(MtlsOptions.SectionName).Get<MtlsOptions>()!);
        var source = new FilePeerCredentialSource(options, _time, NullLogger<FilePeerCredentialSource>.Instance);
        var first = source.GetCredential();
        Assert.False(source.Reload());

        await RunAsync("orders");

        Assert.True(source.Reload());
        Assert.Equal("spiffe://dev.local/orders", source.GetCredential().Workload.ToString());
        Assert.NotEqual(first.Certificate.SerialNumber, source.GetCredential().Certificate.SerialNumber, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Running_service_picks_up_a_revocation_a_new_list_and_a_new_authority()
    {
        var run = await RunAsync("orders", "billing", "--crl");
        var options = Options.Create(Mesh.Read(Settings.Of(run, "billing")).GetSection(MtlsOptions.SectionName).Get<MtlsOptions>()!);
        var source = new FileTrustBundleSource(options, NullLogger<FileTrustBundleSource>.Instance);
        var verifier = new PeerVerifier(source, options, _time);
        Assert.True(verifier.Verify(await PeerAsync(), PeerRole.Client).IsAccepted);

        await RunAsync("--revoke", "orders");
        Assert.True(source.Reload());
        Assert.Equal("x509.revoked", verifier.Verify(await PeerAsync(), PeerRole.Client).Rejection?.Code);

        File.Delete(Path.Combine(Out, "crl.pem"));
        _time.Advance(TimeSpan.FromSeconds(1));
        await RunAsync("--crl");
        Assert.True(source.Reload());
        Assert.True(verifier.Verify(await PeerAsync(), PeerRole.Client).IsAccepted);

        await RunAsync("orders", "--force");
        Assert.True(source.Reload());
        Assert.True(verifier.Verify(await PeerAsync(), PeerRole.Client).IsAccepted);

        async Task<PeerCertificates> PeerAsync()
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(await ReadAsync("orders.pem"));
            return PeerCertificates.From(chain[0], chain).GetOrThrow();
        }
    }

    [Fact]
    public async Task Force_makes_a_new_authority()
    {
        await RunAsync("orders");
        var authority = await ReadAsync("ca.pem");

        await RunAsync("orders", "--force");

        Assert.NotEqual(authority, await ReadAsync("ca.pem"), StringComparer.Ordinal);
        Assert.Equal(0, (await VerifyAsync("orders.pem")).Code);
    }

    [Fact]
    public async Task Trust_domain_is_that_of_the_authority_in_the_folder()
    {
        await RunAsync("--trust-domain", "example.test", "orders");
        await RunAsync("billing");

        Assert.Equal(0, (await VerifyAsync("billing.pem", "--name", "spiffe://example.test/billing")).Code);
        (await TryAsync("--trust-domain", "other.test", "billing")).Failed("ca.pem' is the CA of example.test");
        await RunAsync("--trust-domain", "other.test", "--force", "billing");
    }

    [Fact]
    public async Task Authority_speaks_for_the_names_it_was_made_for_only()
    {
        await RunAsync("--dns", "orders.internal", "orders");
        var leaf = await ReadAsync("orders.pem");

        await RunAsync("--dns", "orders.internal", "billing");
        (await TryAsync("--dns", "www.example.com", "orders")).Failed("x509.name_constraint_violated");
        Assert.Equal(leaf, await ReadAsync("orders.pem"));
        await RunAsync("--dns", "www.example.com", "--force", "orders");
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, "2.00:00:00")]
    [InlineData(31, "31.00:00:00")]
    public async Task Longer_lives_are_declared_in_the_settings(int days, string? declared)
    {
        var run = await RunAsync("--days", $"{days}", "orders");

        Assert.Equal(declared, Mesh.Read(Settings.Of(run, "orders"))["ZeroTrust:Mtls:TrustDomains:dev.local:MaxLeafLifetime"]);
        Assert.Null(Mesh.Read(Settings.Of(run, "orders"))["ZeroTrust:Mtls:TrustDomains:dev.local:CrlFiles:0"]);
        Assert.Equal(days == 1 ? 0 : 1, (await VerifyAsync("orders.pem")).Code);
        Assert.Equal(0, (await VerifyAsync("orders.pem", "--max-leaf-lifetime", $"{days}d")).Code);
    }

    [Fact]
    public async Task Revoked_leaf_stays_on_the_list_and_its_successor_is_good()
    {
        await RunAsync("orders", "billing", "--crl");
        _folder.Write("first.pem", await ReadAsync("orders.pem"));
        Assert.Equal(0, (await VerifyAsync("orders.pem", "--crl", Path.Combine(Out, "crl.pem"))).Code);

        await RunAsync("--revoke", "orders");
        Assert.Equal("x509.revoked", await CodeAsync("orders.pem"));
        Assert.Null(await CodeAsync("billing.pem"));

        await RunAsync("orders");
        await RunAsync("--revoke", "billing");
        Assert.Null(await CodeAsync("orders.pem"));
        Assert.Equal("x509.revoked", await CodeAsync("billing.pem"));
        Assert.Equal("x509.revoked", await CodeAsync(_folder.File("first.pem")));

        async Task<string?> CodeAsync(string file)
        {
            var run = await VerifyAsync(file, "--crl", Path.Combine(Out, "crl.pem"), "--json");
            return run.Json().TryGetProperty("code", out var code) ? code.GetString() : null;
        }
    }

    [Fact]
    public async Task Revoking_twice_makes_one_entry()
    {
        await RunAsync("orders", "billing");
        await RunAsync("--revoke", "orders");
        await RunAsync("--revoke", "orders");

        var pem = await ReadAsync("crl.pem");
        var crl = CertificateRevocationList.Read(Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data])).GetOrThrow();
        Assert.Equal(1, crl.Count);
        Assert.Equal(1, (await VerifyAsync("orders.pem", "--crl", Path.Combine(Out, "crl.pem"))).Code);
        Assert.Equal(0, (await VerifyAsync("billing.pem", "--crl", Path.Combine(Out, "crl.pem"))).Code);
    }

    [Fact]
    public async Task Authority_that_ends_before_its_leaves_is_not_used()
    {
        await RunAsync("orders");
        _time.Advance(TimeSpan.FromDays(363));
        await RunAsync("orders");
        _time.Advance(TimeSpan.FromDays(1.5));

        (await TryAsync("orders")).Failed("--force makes a new one");
        await RunAsync("orders", "--force");
    }

    [Theory]
    [InlineData("ca.key")]
    [InlineData("intermediate.pem")]
    public async Task Authority_with_a_missing_file_is_told_by_its_path(string file)
    {
        await RunAsync("orders");
        File.Delete(Path.Combine(Out, file));

        (await TryAsync("orders")).Failed(file);
        await RunAsync("orders", "--force");
    }

    [Theory]
    [InlineData("../orders")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("ca")]
    [InlineData("CRL")]
    [InlineData("or ders")]
    [InlineData("")]
    public async Task Name_that_could_lead_elsewhere_is_refused(string service)
    {
        (await TryAsync(service)).Failed("cannot name a service");
        (await TryAsync("--revoke", service)).Failed("cannot name a service");

        Assert.False(Directory.Exists(Out));
    }

    [Theory]
    [InlineData("--days", "0")]
    [InlineData("--days", "32")]
    [InlineData("--days", "many")]
    [InlineData("--dns", "*.example.com")]
    [InlineData("--trust-domain", "Example.Test")]
    [InlineData("--trust-domain", "a_b")]
    [InlineData("--crl", "--unknown")]
    public async Task Bad_option_is_told_before_anything_is_written(string option, string value)
    {
        (await TryAsync(option, value, "orders")).Failed(value);

        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public async Task Nothing_to_do_is_told() => (await TryAsync()).Failed("name at least one SERVICE");

    [Fact]
    public async Task Folder_that_cannot_be_made_is_told_by_its_path()
    {
        var file = _folder.Write("file", string.Empty);

        (await ToolRun.OfAsync("dev-certs", "--out", Path.Combine(file, "certs"), "orders")).Failed(file);
    }

    [Fact]
    public async Task Certificate_to_revoke_that_is_not_there_is_told_by_its_path()
    {
        await RunAsync("orders");

        (await TryAsync("--revoke", "billing")).Failed("billing.pem");
    }

    [Fact]
    public async Task Cancelled_run_ends_as_one()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        var run = await ToolRun.OfAsync(_time, string.Empty, cancelled.Token, "dev-certs", "--out", Out, "orders");

        Assert.Equal(130, run.Code);
        Assert.False(File.Exists(Path.Combine(Out, "orders.key")));
    }

    private Task<ToolRun> TryAsync(params string[] args) => ToolRun.OfAsync(_time, ["dev-certs", "--out", Out, .. args]);

    private async Task<ToolRun> RunAsync(params string[] args) => (await TryAsync(args)).Succeeded();

    private Task<ToolRun> VerifyAsync(string file, params string[] args) =>
        ToolRun.OfAsync(_time, ["verify", Path.Combine(Out, file), "--ca", Path.Combine(Out, "ca.pem"), .. args]);

    private Task<string> ReadAsync(string file) => File.ReadAllTextAsync(Path.Combine(Out, file), TestContext.Current.CancellationToken);
}
