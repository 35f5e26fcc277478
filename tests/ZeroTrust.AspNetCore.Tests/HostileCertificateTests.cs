using ZeroTrust.Testing;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>What a stranger writes into a certificate neither forges a line of the log nor fills it. Real handshakes.</summary>
public sealed class HostileCertificateTests
{
    private const string Forged = "\n[15:00:00 INF] Peer spiffe://example.test/admin accepted on listener mesh\u001b[2J";
    private const int LongestMessage = 3_000;

    [Theory]
    [InlineData("spiffe://example.test/a" + Forged, "mtls.spiffe_id_invalid")]
    [InlineData("spiffe://example.test/\u007f\r", "mtls.spiffe_id_invalid")]
    public async Task A_uri_name_with_lines_of_its_own_is_one_line_of_the_log(string uri, string code)
    {
        var message = await RefusalOfAsync(leaf => leaf.UriNames.Add(uri), code);

        Assert.Contains(@"presented spiffe://example.test/", message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(@"\u000", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_uri_name_of_50000_letters_is_cut()
    {
        var message = await RefusalOfAsync(leaf => leaf.UriNames.Add("spiffe://example.test/" + new string('A', 50_000)), "mtls.spiffe_id_invalid");

        Assert.InRange(message.Length, 100, 500);
    }

    [Fact]
    public async Task An_issuer_name_with_lines_of_its_own_is_one_line_of_the_log()
    {
        using var stranger = TestCertificateAuthority.Create("cn" + Forged);
        var message = await RefusalOfAsync(leaf => leaf.SpiffeId = "spiffe://example.test/gateway", "x509.untrusted_anchor", stranger);

        Assert.Contains(@"cn\u000a[15:00:00 INF]", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dns_name_with_lines_of_its_own_is_one_line_of_the_log()
    {
        var message = await RefusalOfAsync(leaf => leaf.DnsNames.Add("a.test" + Forged), code: null);

        Assert.DoesNotContain("\n", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spiffe://example.test/a_b-c.D~/0")]
    [InlineData("spiffe://example.test/%7Bodd%7D?x=(1)&y='2'")]
    public async Task A_name_that_is_odd_but_prints_is_logged_as_it_is(string uri)
    {
        var message = await RefusalOfAsync(leaf => leaf.UriNames.Add(uri), "mtls.spiffe_id_invalid");

        Assert.Contains($"Presented {uri}.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proved_peer_with_an_id_of_128_characters_is_logged_by_all_of_it()
    {
        var id = "spiffe://example.test/".PadRight(128, 'a');
        using var mesh = new Mesh();
        await using var host = await TestHost.StartAsync(TestHost.MeshListener(), mesh);
        using var certificate = mesh.Intermediate.Issue(id);

        Assert.False(await Mesh.IsAnsweredAsync(host.EndPoint("mesh"), certificate, TestContext.Current.CancellationToken));

        Assert.Equal(id, (await host.WaitForEventAsync("PeerRefused")).GetStructuredStateValue("zerotrust.workload"));
    }

    private static async Task<string> RefusalOfAsync(Action<TestLeafOptions> configure, string? code, TestCertificateAuthority? authority = null)
    {
        using var mesh = new Mesh();
        using var stranger = TestCertificateAuthority.Create("stranger");
        await using var host = await TestHost.StartAsync(TestHost.MeshListener(), mesh);
        using var certificate = (authority ?? stranger).Issue(configure);

        Assert.False(await Mesh.IsAnsweredAsync(host.EndPoint("mesh"), certificate, TestContext.Current.CancellationToken));

        var refusal = await host.WaitForEventAsync("PeerRefused");
        Assert.Equal(code ?? refusal.GetStructuredStateValue("error.type"), refusal.GetStructuredStateValue("error.type"));
        Assert.DoesNotContain(refusal.Message, char.IsControl);
        Assert.True(refusal.Message.Length < LongestMessage);
        return refusal.Message;
    }
}
