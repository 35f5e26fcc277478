using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;
using ZeroTrust.Tool.Tests.Support;

namespace ZeroTrust.Tool.Tests;

public sealed class VerifyTests : IDisposable
{
    private const string Orders = "spiffe://example.test/orders";

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly TestCertificateAuthority _root;
    private readonly TestCertificateAuthority _intermediate;
    private readonly string _ca;

    public VerifyTests()
    {
        _root = TestCertificateAuthority.Create("root", _time);
        _intermediate = _root.CreateIntermediate("intermediate");
        _ca = _root.WriteAnchorTo(_folder.Path);
    }

    public void Dispose()
    {
        _intermediate.Dispose();
        _root.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("client")]
    [InlineData("server")]
    public async Task Good_certificate_is_accepted(string role)
    {
        var report = await AcceptedAsync(Write(), "--role", role, "--name", Orders, "--trust-domain", "example.test");

        Assert.Equal(Orders, report.GetProperty("workload").GetString());
        Assert.Equal(role, report.GetProperty("role").GetString());
        Assert.Equal("CN=test leaf, CN=intermediate, CN=root", Texts(report, "path"));
        Assert.All(report.GetProperty("steps").EnumerateArray(), step => Assert.Equal("ok", step.GetProperty("result").GetString()));
    }

    [Fact]
    public async Task What_was_read_is_told()
    {
        var report = await AcceptedAsync(Write(leaf => leaf.DnsNames.Add("orders.internal")));

        var leaf = report.GetProperty("certificates")[0];
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(_folder.File("leaf.pem"));
        Assert.Equal("leaf", leaf.GetProperty("kind").GetString());
        Assert.Equal("CN=test leaf", leaf.GetProperty("subject").GetString());
        Assert.Equal("CN=intermediate", leaf.GetProperty("issuer").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)), leaf.GetProperty("sha256").GetString());
        Assert.Equal(certificate.SerialNumber, leaf.GetProperty("serial").GetString(), ignoreCase: true);
        Assert.Equal("DigitalSignature, critical", leaf.GetProperty("keyUsage").GetString());
        Assert.Equal("serverAuth, clientAuth", Texts(leaf, "extendedKeyUsage"));
        Assert.Equal(Orders, Texts(leaf, "uriNames"));
        Assert.Equal("orders.internal", Texts(leaf, "dnsNames"));
        Assert.Equal("CN=root", report.GetProperty("anchors")[0].GetProperty("subject").GetString());
    }

    [Fact]
    public Task Expired_certificate() => RefusedAsync("x509.expired", "path", Write(), "--at", "2030-06-01T14:00:00Z");

    [Fact]
    public Task Certificate_of_tomorrow() => RefusedAsync("x509.not_yet_valid", "path", Write(), "--at", "2030-05-31");

    [Fact]
    public async Task Moment_decides()
    {
        var file = Write();

        await AcceptedAsync(file, "--at", "2030-06-01T12:30:00Z");
        await AcceptedAsync(file, "--at", "2030-06-01T14:30:00+02:00");
        await AcceptedAsync(file, "--at", "2030-06-01T12:30:00");
    }

    [Theory]
    [InlineData("client", true)]
    [InlineData("server", false)]
    public async Task Usage_for_one_role_is_refused_in_the_other(string role, bool server)
    {
        // Known by a DNS name: one purpose is enough there.
        var file = Write(leaf =>
        {
            leaf.SpiffeId = null;
            leaf.DnsNames.Add("orders.internal");
            leaf.ServerAuth = server;
            leaf.ClientAuth = !server;
        });

        await RefusedAsync("x509.extended_key_usage_missing", "path", file, "--role", role);
        await AcceptedAsync(file, "--role", role == "client" ? "server" : "client", "--name", "orders.internal");
    }

    [Fact]
    public async Task Unknown_authority()
    {
        using var other = TestCertificateAuthority.Create("another root", _time);
        var file = Write();

        await RefusedAsync("x509.untrusted_anchor", "path", file, other.WriteAnchorTo(_folder.Path, "other"));
        await AcceptedAsync(file, _ca);
    }

    [Fact]
    public async Task Missing_intermediate()
    {
        using var leaf = _intermediate.Issue(Orders);

        await RefusedAsync("x509.untrusted_anchor", "path", _folder.Write("leaf.pem", leaf.Certificate.ExportCertificatePem()));
    }

    [Fact]
    public async Task Revoked_certificate()
    {
        using var revoked = _intermediate.Issue(Orders);
        var crls = WriteCrls(revoked.Certificate);

        var report = await RefusedAsync("x509.revoked", "revocation", _folder.Write("revoked.pem", revoked.ChainPem), ["--crl", .. crls]);
        Assert.Equal(3, report.GetProperty("path").GetArrayLength());
        await AcceptedAsync(Write(), ["--crl", .. crls]);
    }

    [Fact]
    public async Task Unknown_revocation_status()
    {
        var crls = WriteCrls();

        await RefusedAsync("x509.revocation_status_unavailable", "revocation", Write(), "--crl", crls[0]);
        await AcceptedAsync(Write(), "--crl", crls[0], "--crl", crls[1]);
    }

    [Fact]
    public async Task Longer_life_than_declared()
    {
        var file = Write(leaf => leaf.NotAfter = _time.GetUtcNow().AddDays(2));

        await RefusedAsync("mtls.lifetime_too_long", "lifetime", file);
        await RefusedAsync("mtls.lifetime_too_long", "lifetime", file, "--max-leaf-lifetime", "47h");
        await AcceptedAsync(file, "--max-leaf-lifetime", "2.00:00:00");
        await AcceptedAsync(file, ["--crl", .. WriteCrls()]);
    }

    [Theory]
    [InlineData("client", "mtls.peer_not_listed")]
    [InlineData("server", "mtls.server_identity_mismatch")]
    public async Task Another_workload(string role, string code)
    {
        var report = await RefusedAsync(code, "identity", Write(), "--role", role, "--name", "spiffe://example.test/billing");

        Assert.Equal(Orders, report.GetProperty("presented").GetString());
        Assert.Equal("spiffe://example.test/billing", report.GetProperty("expected").GetString());
        await AcceptedAsync(Write(), "--role", role, "--name", Orders);
    }

    [Fact]
    public async Task Server_of_several_dns_names()
    {
        var file = Write(leaf =>
        {
            leaf.SpiffeId = null;
            leaf.DnsNames.Add("orders.internal");
            leaf.DnsNames.Add("orders.example.com");
        });

        await AcceptedAsync(file, "--role", "server", "--name", "orders.example.com");
        await RefusedAsync("mtls.server_identity_mismatch", "identity", file, "--role", "server", "--name", "billing.internal");
        await RefusedAsync("mtls.no_workload_id", "identity", file, "--role", "client", "--name", "orders.internal");
    }

    [Fact]
    public Task Dns_name_beside_a_spiffe_id_is_no_identity() => RefusedAsync(
        "mtls.server_identity_mismatch", "identity", Write(leaf => leaf.DnsNames.Add("orders.internal")), "--role", "server", "--name", "orders.internal");

    [Fact]
    public async Task Nameless_peer()
    {
        var file = Write(leaf => leaf.SpiffeId = null);

        await RefusedAsync("mtls.no_workload_id", "identity", file);
        await RefusedAsync("mtls.no_workload_id", "identity", file, "--name", Orders);
        await RefusedAsync("mtls.server_identity_mismatch", "identity", file, "--role", "server");
    }

    [Theory]
    [InlineData("*.orders.internal", null)]
    [InlineData(null, "10.0.0.1")]
    public async Task A_name_that_no_list_of_peers_can_hold_is_refused(string? dns, string? address)
    {
        var file = Write(leaf =>
        {
            leaf.SpiffeId = null;
            (dns is null ? [] : new List<string> { dns }).ForEach(leaf.DnsNames.Add);
            (address is null ? [] : new List<IPAddress> { IPAddress.Parse(address) }).ForEach(leaf.IpAddresses.Add);
        });

        await RefusedAsync("mtls.no_workload_id", "identity", file);
        await RefusedAsync("mtls.server_identity_mismatch", "identity", file, "--role", "server");
    }

    [Fact]
    public async Task The_name_of_a_peer_known_by_dns_is_one_that_a_list_can_hold()
    {
        var file = Write(leaf =>
        {
            leaf.SpiffeId = null;
            leaf.DnsNames.Add("Orders.Internal");
        });

        await AcceptedAsync(file);
        await AcceptedAsync(file, "--role", "server");
    }

    [Fact]
    public Task Two_uri_names() => RefusedAsync("mtls.uri_name_count", "names", Write(leaf => leaf.UriNames.Add("spiffe://example.test/billing")));

    [Fact]
    public Task Malformed_spiffe_id() => RefusedAsync("mtls.spiffe_id_invalid", "names", Write(leaf => leaf.SpiffeId = "spiffe://Example.Test/orders"));

    [Fact]
    public Task Foreign_trust_domain() => RefusedAsync("mtls.trust_domain_unknown", "trust domain", Write(), "--trust-domain", "other.test");

    [Fact]
    public async Task One_purpose_beside_a_spiffe_id()
    {
        var file = Write(leaf => leaf.ServerAuth = false);

        await RefusedAsync("mtls.extended_key_usage_incomplete", "purposes", file);
        await RefusedAsync("x509.extended_key_usage_missing", "path", file, "--role", "server");
    }

    [Fact]
    public Task Key_usage_that_is_not_critical() => RefusedAsync("mtls.key_usage_invalid", "key usage", Write(leaf => leaf.KeyUsageCritical = false));

    [Fact]
    public Task Certificate_that_is_none() =>
        RefusedAsync("mtls.handshake_invalid", "read", _folder.Write("noise.pem", PemEncoding.WriteString("CERTIFICATE", [0x30, 0x03, 0x02, 0x01, 0x05])));

    [Fact]
    public async Task Too_many_certificates()
    {
        using var leaf = _intermediate.Issue(Orders);
        var more = _intermediate.Certificate.ExportCertificatePem() + "\n";

        await RefusedAsync("mtls.too_large", "read", _folder.Write("leaf.pem", leaf.ChainPem + string.Concat(Enumerable.Repeat(more, PeerCertificates.MaxIntermediates))));
        await AcceptedAsync(_folder.Write("leaf.pem", leaf.ChainPem + string.Concat(Enumerable.Repeat(more, PeerCertificates.MaxIntermediates - 1))));
    }

    [Fact]
    public async Task Der_is_read_too()
    {
        using var leaf = _root.Issue(Orders);

        await AcceptedAsync(_folder.Write("leaf.der", leaf.Certificate.RawData), _folder.Write("ca.der", _root.Certificate.RawData));
    }

    [Fact]
    public async Task Standard_input_is_read()
    {
        using var leaf = _intermediate.Issue(Orders);

        var run = await ToolRun.OfAsync(_time, "handshake noise\n" + leaf.ChainPem, TestContext.Current.CancellationToken, "verify", "-", "--ca", _ca);

        Assert.Equal(0, run.Code);
    }

    [Fact]
    public async Task A_lifetime_that_is_longer_by_the_minute_for_back_dating_reads_as_accepted()
    {
        var report = await AcceptedAsync(Write(leaf => (leaf.NotBefore, leaf.NotAfter) = (_time.GetUtcNow().AddMinutes(-1), _time.GetUtcNow().AddDays(1))));

        Assert.Contains(
            report.GetProperty("steps").EnumerateArray(),
            step => step.GetRawText().Contains("1.00:01:00, within 1.00:00:00 and a minute for back-dating", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Text_marks_each_step_and_says_what_to_do()
    {
        var run = await ToolRun.OfAsync(_time, "verify", Write(), "--ca", _ca, "--max-leaf-lifetime", "30m");

        Assert.Equal(1, run.Code);
        Assert.Contains($"  ok  names         the workload is {Orders}", run.Output, StringComparison.Ordinal);
        Assert.Contains("  no  lifetime      The leaf lives longer", run.Output, StringComparison.Ordinal);
        Assert.Contains("  --  path          not reached", run.Output, StringComparison.Ordinal);
        Assert.Contains("refused  mtls.lifetime_too_long", run.Output, StringComparison.Ordinal);
        Assert.Contains("  expected      00:30:00", run.Output, StringComparison.Ordinal);
        Assert.Contains("  presented     01:01:00", run.Output, StringComparison.Ordinal);
        Assert.Contains("  what to do    Issue shorter certificates", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u001b[2Jorders", "\\u001B[2Jorders")]
    [InlineData("orders\u202Egpj", "orders\\u202Egpj")]
    [InlineData("orders\naccepted", "orders\\u000Aaccepted")]
    public async Task Names_cannot_steer_the_terminal(string name, string shown)
    {
        var run = await ToolRun.OfAsync(_time, "verify", Write(leaf => leaf.CommonName = name), "--ca", _ca);

        Assert.Contains(shown, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(name, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Private_key_beside_a_certificate_is_never_printed()
    {
        using var leaf = _intermediate.Issue(Orders);
        var file = _folder.Write("both.pem", leaf.KeyPem + "\n" + leaf.ChainPem);

        foreach (var run in new[] { await RunAsync(file), await RunAsync(file, "--json") })
        {
            Assert.Equal(0, run.Code);
            Assert.DoesNotContain("PRIVATE", run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(leaf.KeyPem.Split('\n')[1], run.Output, StringComparison.Ordinal);
        }

        var alone = await RunAsync(_folder.Write("key.pem", leaf.KeyPem));
        alone.Failed("key.pem': it holds no certificate, but a");
        Assert.DoesNotContain(leaf.KeyPem.Split('\n')[1], alone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unreadable_files_are_told_by_their_path()
    {
        (await RunAsync(_folder.File("missing.pem"))).Failed("missing.pem");
        (await RunAsync(_folder.Write("empty.pem", string.Empty))).Failed("empty.pem");
        (await RunAsync(_folder.Write("long.pem", new byte[(1024 * 1024) + 1]))).Failed("long.pem' is larger");
        (await RunAsync(Write(), "--crl", _ca)).Failed("ca.pem': line 1: a CERTIFICATE block; CRLs are wanted here");
        (await RunAsync(Write(), "--crl", _folder.Write("bad.crl", new byte[] { 0x30, 0x00 }))).Failed("bad.crl': it cannot be read: Not a CRL");
        (await RunAsync(Write(), "--ca", _folder.Write("bad.ca", new byte[] { 0x30, 0x00 }))).Failed("bad.ca");
    }

    [Fact]
    public async Task Leaf_as_an_anchor_is_the_operators_fault()
    {
        var file = Write();

        (await ToolRun.OfAsync(_time, "verify", file, "--ca", file)).Failed(file);
    }

    [Theory]
    [InlineData("--role", "peer")]
    [InlineData("--at", "yesterday")]
    [InlineData("--max-leaf-lifetime", "1")]
    [InlineData("--max-leaf-lifetime", "0h")]
    [InlineData("--name", "https://orders")]
    [InlineData("--trust-domain", "Example")]
    public async Task Bad_option_is_told(string option, string value) => (await RunAsync(Write(), option, value)).Failed(value);

    [Fact]
    public async Task Anchors_are_required() => (await ToolRun.OfAsync(_time, "verify", Write())).Failed("--ca");

    private static string Texts(JsonElement owner, string property) =>
        string.Join(", ", owner.GetProperty(property).EnumerateArray().Select(text => text.GetString()));

    private string Write(Action<TestLeafOptions>? configure = null)
    {
        using var leaf = _intermediate.Issue(options =>
        {
            options.SpiffeId = Orders;
            configure?.Invoke(options);
        });
        return _folder.Write("leaf.pem", leaf.ChainPem);
    }

    private string[] WriteCrls(params X509Certificate2[] revoked) =>
    [
        _folder.Write("leaves.crl", _intermediate.IssueCrl(revoked).Der),
        _folder.Write("root.pem.crl", PemEncoding.WriteString("X509 CRL", _root.IssueCrl([]).Der.Span)),
    ];

    private Task<ToolRun> RunAsync(string file, params string[] args) => ToolRun.OfAsync(_time, ["verify", file, "--ca", _ca, .. args]);

    private Task<JsonElement> AcceptedAsync(string file, params string[] args) => JudgedAsync(0, "accepted", file, args);

    private async Task<JsonElement> RefusedAsync(string code, string step, string file, params string[] args)
    {
        var report = await JudgedAsync(1, "refused", file, args);

        Assert.Equal(code, report.GetProperty("code").GetString());
        Assert.NotEmpty(report.GetProperty("meaning").GetString()!);
        Assert.NotEmpty(report.GetProperty("action").GetString()!);
        Assert.Matches("^(ok,)*no(,--)*$", string.Join(',', report.GetProperty("steps").EnumerateArray().Select(item => item.GetProperty("result").GetString())));
        Assert.Equal(step, report.GetProperty("steps").EnumerateArray()
            .Single(item => item.GetProperty("result").GetString() == "no").GetProperty("step").GetString());
        return report;
    }

    // A path among the arguments is an anchor in place of the usual one.
    private async Task<JsonElement> JudgedAsync(int code, string verdict, string file, params string[] args)
    {
        string[] all = args is [var ca] ? ["verify", file, "--json", "--ca", ca] : ["verify", file, "--json", "--ca", _ca, .. args];
        var run = await ToolRun.OfAsync(_time, all);

        Assert.True(run.Code == code, run.Output + run.Error);
        Assert.Equal(verdict, run.Json().GetProperty("verdict").GetString());
        return run.Json();
    }
}
