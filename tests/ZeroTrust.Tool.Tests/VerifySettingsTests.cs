using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ZeroTrust.Tool.Tests.Agreement;
using ZeroTrust.Tool.Tests.Support;

namespace ZeroTrust.Tool.Tests;

public sealed class VerifySettingsTests : IDisposable
{
    private const string Gateway = "spiffe://example.test/gateway";

    private readonly CaseWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task The_entry_that_admits_a_client_is_told()
    {
        var run = await ListenerAsync(Leaf(Gateway));

        Assert.Contains("ok  identity      admitted by ZeroTrust:Listeners:mesh:Peers:0", run.Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("judged by listener mesh", run.Output, StringComparison.Ordinal);
        Assert.Contains(
            "admitted by ZeroTrust:Listeners:mesh:ForwardingProxies:0", (await ListenerAsync(Leaf("spiffe://example.test/proxy"))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_no_entry_admits_is_told_with_the_nearest_entry_and_the_setting()
    {
        var run = await ListenerAsync(Leaf("spiffe://example.test/gatewya"));

        Assert.Equal(1, run.Code);
        Assert.Contains("None of the 8 entries of the listener is spiffe://example.test/gatewya; the nearest is ZeroTrust:Listeners:mesh:Peers:0", run.Output, StringComparison.Ordinal);
        Assert.Contains("  setting       ZeroTrust:Listeners:mesh:Peers", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--listener", "mseh", "'mseh' is not declared; ZeroTrust:Listeners has edge (Edge), mesh (Mesh), probe (Probe)")]
    [InlineData("--listener", "edge", "'edge' is of role Edge, which verifies no peers")]
    [InlineData("--listener", "probe", "'probe' is of role Probe, which verifies no peers")]
    [InlineData("--server", "gatewya", "'gatewya' is not named and no workload id; ZeroTrust:Mtls:Servers has crl, denied, dns, gateway, partner")]
    public async Task A_name_that_is_not_declared_is_told_with_those_that_are(string option, string name, string told)
    {
        var settings = _world.Change(root =>
        {
            root["Listeners"]!["edge"] = new JsonObject { ["Url"] = "https://127.0.0.1:0", ["Role"] = "Edge" };
            root["Listeners"]!["probe"] = new JsonObject { ["Url"] = "http://127.0.0.1:0", ["Role"] = "Probe" };
        });

        (await VerifyAsync(Leaf(Gateway), settings, option, name)).Failed(told);
    }

    [Theory]
    [InlineData("gateway", "accepted", "server gateway")]
    [InlineData("spiffe://example.test/gateway", "accepted", "server gateway, which names spiffe://example.test/gateway")]
    [InlineData("crl", "mtls.server_identity_mismatch", "server crl")]
    [InlineData("spiffe://example.test/billing", "mtls.server_identity_mismatch", "server spiffe://example.test/billing as a workload of its trust domain")]
    public async Task A_server_is_named_as_in_the_settings_or_by_its_workload_id(string server, string answer, string place)
    {
        var report = (await VerifyAsync(Leaf(Gateway), _world.Settings, "--server", server, "--json")).Json();

        Assert.Equal(answer, report.TryGetProperty("code", out var code) ? code.GetString() : report.GetProperty("verdict").GetString());
        Assert.Equal(place, report.GetProperty("place").GetString());
        Assert.Equal("server", report.GetProperty("role").GetString());
    }

    [Fact]
    public async Task A_server_is_named_in_any_case_and_told_as_the_settings_spell_it() =>
        Assert.Equal(
            "server gateway",
            (await VerifyAsync(Leaf(Gateway), _world.Settings, "--server", "GATEWAY", "--json")).Succeeded().Json().GetProperty("place").GetString());

    [Theory]
    [InlineData("api.partner.example", 80, null)]
    [InlineData("www.partner.example", 80, "Workload")]
    [InlineData("api.partner.example", 300, "MaxLeafLifetime")]
    public async Task The_setting_of_a_partner_that_refuses_its_server_is_told(string name, int days, string? setting)
    {
        var leaf = CaseWorld.LeafOf(Gateway);
        leaf.SetNames(false, (2, name));
        leaf.NotAfter = leaf.NotAfter.AddDays(days);
        var pem = new PeerCase("partner", [_world.PartnerIntermediate.Sign(leaf), .. _world.PartnerIntermediate.Sent], string.Empty).Pem;

        var report = (await VerifyAsync(pem, _world.Settings, "--server", "partner", "--json")).Json();

        Assert.Equal(setting is null ? "accepted" : "refused", report.GetProperty("verdict").GetString());
        Assert.Equal(setting is null ? null : $"ZeroTrust:Mtls:Servers:partner:{setting}", report.TryGetProperty("setting", out var told) ? told.GetString() : null);
    }

    [Fact]
    public async Task Faults_of_the_settings_are_told_all_at_once_as_the_service_tells_them_and_secrets_never()
    {
        var settings = _world.Change(root =>
        {
            root["Mtls"]!["DenylistFiles"] = "x";
            root["Mtls"]!["TrustDomains"]!["crl.test"]!["AnchorFile"] = "/nowhere/ca.pem";
            root["Mtls"]!["Credential"]!["KeyPasword"] = CaseWorld.Secret;
            root["Listeners"]!["mesh"]!["Peers"]![1] = "https://example.test";
        });

        var run = await VerifyAsync(Leaf(Gateway), settings, "--listener", "mesh");

        run.Failed("the service does not start:");
        Assert.All(
            (string[])
            [
                "ZeroTrust:Mtls:DenylistFiles: is not a setting; did you mean DenyListFile?",
                "ZeroTrust:Mtls:TrustDomains:crl.test:AnchorFile: file not found",
                "ZeroTrust:Mtls:Credential:KeyPasword: is not a setting",
                "ZeroTrust:Listeners:mesh:Peers:1: 'https://example.test' is not a workload id.",
            ],
            fault => Assert.Contains("\n  " + fault, run.Error, StringComparison.Ordinal));
        Assert.DoesNotContain(CaseWorld.Secret, run.Error + run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_a_file_is_told_under_its_setting()
    {
        var settings = _world.Change(root => root["Mtls"]!["DenyListFile"] = _world.Settings);

        (await VerifyAsync(Leaf(Gateway), settings, "--listener", "mesh")).Failed("ZeroTrust:Mtls:DenyListFile: ");
        (await VerifyAsync(Leaf(Gateway), _world.File("none.json"), "--listener", "mesh")).Failed("none.json' cannot be read");
        (await VerifyAsync(Leaf(Gateway), _world.Write("half.json", "{ \"ZeroTrust\": "u8.ToArray()), "--listener", "mesh")).Failed("half.json' cannot be read");
    }

    [Fact]
    public async Task A_later_file_overrides_an_earlier_one()
    {
        var later = _world.Write("later.json", """{ "ZeroTrust": { "Listeners": { "mesh": { "Peers": [ "spiffe://example.test/other" ] } } } }"""u8.ToArray());

        var run = await ToolRun.OfAsync(
            TimeProvider.System, Leaf(Gateway), TestContext.Current.CancellationToken, "verify", "-", "--settings", _world.Settings, "--settings", later, "--listener", "mesh");

        Assert.Contains("refused  mtls.peer_not_listed", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_local_credential_can_be_left_alone()
    {
        var settings = _world.Change(root => root["Mtls"]!["Credential"]!["KeyFile"] = "/nowhere/own.key");

        (await VerifyAsync(Leaf(Gateway), settings, "--listener", "mesh")).Failed("ZeroTrust:Mtls:Credential:KeyFile: file not found");
        (await VerifyAsync(Leaf(Gateway), settings, "--listener", "mesh", "--without-credential")).Succeeded();
    }

    [Fact]
    public async Task Files_may_belong_to_the_user_the_service_runs_as()
    {
        const string User = "48213";
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root can give a file away.");
        await Process.Start("chown", [User, _world.File("anchors.pem")]).WaitForExitAsync(TestContext.Current.CancellationToken);

        (await ListenerAsync(Leaf(Gateway))).Failed("ZeroTrust:Mtls:TrustDomains:example.test:AnchorFile: ");
        (await VerifyAsync(Leaf(Gateway), _world.Settings, "--listener", "mesh", "--user", "48214")).Failed($"belongs to the user {User}");
        (await VerifyAsync(Leaf(Gateway), _world.Settings, "--listener", "mesh", "--user", User)).Succeeded();
    }

    [Fact]
    public async Task The_moment_decides_about_the_settings_files_too()
    {
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1).ToString("O");

        (await VerifyAsync(Leaf(Gateway), _world.Settings, "--listener", "mesh", "--at", tomorrow)).Failed("ZeroTrust:Mtls:Credential:CertificateFile: the certificate is valid");
        var run = await VerifyAsync(Leaf(Gateway), _world.Settings, "--listener", "mesh", "--at", tomorrow, "--without-credential");
        Assert.Contains("refused  x509.expired", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crl_of_two_megabytes_is_read_as_the_service_reads_it()
    {
        var crl = _world.CrlIntermediate.IssueCrl([_world.Revoked], others: 55_000);
        Assert.InRange(crl.Length, 1_900_000, int.MaxValue);
        var settings = _world.Change(root => root["Mtls"]!["TrustDomains"]!["crl.test"]!["CrlFiles"]![1] = _world.Write("long.crl", crl));

        Assert.Contains("refused  x509.revoked", (await VerifyAsync(Pem(_world.Revoked, _world.CrlIntermediate.Der), settings, "--listener", "mesh")).Output, StringComparison.Ordinal);
        (await VerifyAsync(Pem(_world.CrlIntermediate.Sign(CaseWorld.LeafOf("spiffe://crl.test/gateway")), _world.CrlIntermediate.Der), settings, "--listener", "mesh")).Succeeded();
    }

    [Fact]
    public async Task Anchors_in_pkcs12_with_a_password_are_read_as_the_service_reads_them()
    {
        var leaf = CaseWorld.LeafOf("spiffe://pfx.test/gateway");
        leaf.NotAfter = leaf.NotBefore.AddHours(2);

        (await ListenerAsync(Pem(_world.PfxRoot.Sign(leaf)))).Succeeded();
        (await VerifyAsync(Leaf(Gateway), _world.Change(root => root["Mtls"]!["TrustDomains"]!["pfx.test"]!["AnchorPassword"] = "wrong"), "--listener", "mesh"))
            .Failed("ZeroTrust:Mtls:TrustDomains:pfx.test:AnchorFile");
    }

    [Fact]
    public async Task An_anchor_that_is_not_trusted_is_told_and_the_others_judge()
    {
        var old = CaseAuthority.Root("weak root", Keys.ShortRsa);
        _world.Write("anchors.pem", Encoding.ASCII.GetBytes(_world.Root.Pem + old.Pem));

        Assert.Contains("  note ", (await ListenerAsync(Leaf(Gateway))).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_peer_of_given_settings_sends_is_judged_and_not_its_whole_file()
    {
        var cas = Enumerable.Range(0, 25).Select(i => CaseAuthority.Root($"CA {i}").Der).ToArray();
        var file = Pem([_world.Intermediate.Sign(CaseWorld.LeafOf(Gateway)), .. _world.Intermediate.Sent, .. cas]);
        _world.Write("peer.pem", Encoding.ASCII.GetBytes(file));
        var peer = _world.Change(root => root["Mtls"]!["Credential"]!["CertificateFile"] = _world.File("peer.pem"));

        Assert.Contains("refused  mtls.too_large", (await ListenerAsync(file)).Output, StringComparison.Ordinal);
        var run = await ToolRun.OfAsync("verify", "--peer-settings", peer, "--settings", _world.Settings, "--listener", "mesh");
        Assert.Contains("ok  read          1 leaf and 1 more", run.Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificates_of_a_cross_signed_peer_that_are_not_sent_are_told()
    {
        var key = Keys.NewP256();
        var other = _world.CrossRoot.Below("crossed", key: key);
        var known = _world.Root.Below("crossed", key: key);
        var file = Pem(known.Sign(CaseWorld.LeafOf(Gateway)), other.Der, known.Der);
        _world.Write("peer.pem", Encoding.ASCII.GetBytes(file));
        var peer = _world.Change(root => root["Mtls"]!["Credential"]!["CertificateFile"] = _world.File("peer.pem"));

        Assert.Contains("1 of the 3 certificates are not on the path", (await ListenerAsync(file)).Succeeded().Output, StringComparison.Ordinal);
        var run = await ToolRun.OfAsync("verify", "--peer-settings", peer, "--settings", _world.Settings, "--listener", "mesh");
        Assert.Contains("1 leaf and 1 more", run.Output, StringComparison.Ordinal);
        Assert.Contains("  note          the peer: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("crossed", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CERT or --peer-settings", "--settings", "x", "--listener", "mesh")]
    [InlineData("--listener or --server", "x.pem", "--settings", "x")]
    [InlineData("--listener or --server", "x.pem", "--settings", "x", "--listener", "a", "--server", "b")]
    [InlineData("--role: the settings tell this", "x.pem", "--settings", "x", "--listener", "a", "--role", "server")]
    [InlineData("--ca: the settings tell this", "x.pem", "--settings", "x", "--listener", "a", "--ca", "ca.pem")]
    [InlineData("--listener: goes with --settings", "x.pem", "--ca", "x", "--listener", "a")]
    [InlineData("--ca or --settings", "x.pem")]
    public async Task Options_that_do_not_go_together_are_refused(string told, params string[] args) => (await ToolRun.OfAsync(["verify", .. args])).Failed(told);

    private static string Pem(params byte[][] chain) => string.Concat(chain.Select(der => PemEncoding.WriteString("CERTIFICATE", der) + "\n"));

    private static Task<ToolRun> VerifyAsync(string pem, string settings, params string[] args) => ToolRun.OfAsync(
        TimeProvider.System, pem, TestContext.Current.CancellationToken, ["verify", "-", "--settings", settings, .. args]);

    private Task<ToolRun> ListenerAsync(string pem) => VerifyAsync(pem, _world.Settings, "--listener", "mesh");

    private string Leaf(string spiffeId) => Pem([_world.Intermediate.Sign(CaseWorld.LeafOf(spiffeId)), .. _world.Intermediate.Sent]);
}
