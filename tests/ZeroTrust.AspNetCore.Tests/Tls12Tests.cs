using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>
/// TLS 1.2 is spoken by a listener that code names with a reason, and by no other; there all else is asked for as before.
/// </summary>
public sealed class Tls12Tests : IDisposable
{
    private const string Why = "the till of 2012 cannot be renewed before spring";
    private const string Closing = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private readonly Mesh _mesh = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zerotrust-tls12-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _mesh.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_client_of_tls_1_2_is_served_on_the_listener_that_code_names_and_nowhere_else()
    {
        Assert.SkipUnless(OpenSslClient.IsInstalled(), "There is no openssl.");
        await using var host = await StartAsync();
        var certificate = Client();

        var legacy = await OpenSslClient.RunAsync(host.EndPoint("legacy"), $"-tls1_2 -ign_eof {certificate}", Closing);
        Assert.Contains(Mesh.Client + " Tls12", legacy, StringComparison.Ordinal);

        var modern = await OpenSslClient.RunAsync(host.EndPoint("mesh"), $"-tls1_2 {certificate}");
        Assert.DoesNotContain("200 OK", modern, StringComparison.Ordinal);
        Assert.Equal("mesh", (await host.WaitForEventAsync("PeerRefused")).GetStructuredStateValue("zerotrust.listener"));
    }

    [Fact]
    public async Task Tls_1_3_is_chosen_where_the_client_has_it()
    {
        await using var host = await StartAsync();
        using var certificate = _mesh.Intermediate.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("legacy"), certificate);

        Assert.Equal(Mesh.Client + " Tls13", await client.GetStringAsync(new Uri("/", UriKind.Relative), Cancelled));
    }

    [Theory]
    [InlineData("-tls1_1 -cipher DEFAULT:@SECLEVEL=0", "no version of TLS")]
    [InlineData("-tls1_2 -cipher AES128-GCM-SHA256", "ended before it was done")]
    [InlineData("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256", "ended before it was done")]
    public async Task What_is_older_or_without_ephemeral_keys_or_authenticated_encryption_stays_refused(string offer, string why)
    {
        Assert.SkipUnless(OpenSslClient.IsInstalled(), "There is no openssl.");
        await using var host = await StartAsync();

        await OpenSslClient.RunAsync(host.EndPoint("legacy"), $"{offer} {Client()}");

        var told = await host.WaitForEventAsync("PeerRefused");
        Assert.Equal("mtls.handshake_invalid", told.GetStructuredStateValue("error.type"));
        Assert.Contains(why, told.GetStructuredStateValue("zerotrust.detail"), StringComparison.Ordinal);
        Assert.Contains("Expected TLS 1.3 or 1.2", told.GetStructuredStateValue("zerotrust.detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_tls_1_2_without_a_certificate_is_refused()
    {
        Assert.SkipUnless(OpenSslClient.IsInstalled(), "There is no openssl.");
        await using var host = await StartAsync();

        var answer = await OpenSslClient.RunAsync(host.EndPoint("legacy"), "-tls1_2 -ign_eof");

        Assert.Contains("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"mtls.certificate_missing\"", answer, StringComparison.Ordinal);
        Assert.Equal("mtls.certificate_missing", (await host.WaitForEventAsync("PeerRefused")).GetStructuredStateValue("error.type"));
    }

    [Fact]
    public async Task A_client_of_tls_1_2_of_another_authority_is_refused()
    {
        Assert.SkipUnless(OpenSslClient.IsInstalled(), "There is no openssl.");
        await using var host = await StartAsync();
        using var stranger = TestCertificateAuthority.Create("stranger");

        var answer = await OpenSslClient.RunAsync(host.EndPoint("legacy"), $"-tls1_2 -ign_eof {Client(stranger)}");

        Assert.Contains("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"x509.untrusted_anchor\"", answer, StringComparison.Ordinal);
        Assert.Equal("x509.untrusted_anchor", (await host.WaitForEventAsync("PeerRefused")).GetStructuredStateValue("error.type"));
    }

    [Fact]
    public async Task A_session_of_tls_1_2_is_not_resumed()
    {
        Assert.SkipUnless(OpenSslClient.IsInstalled(), "There is no openssl.");
        await using var host = await StartAsync();
        var session = Path.Combine(_folder.FullName, "session.pem");
        await OpenSslClient.RunAsync(host.EndPoint("legacy"), $"-tls1_2 -ign_eof -sess_out {session} {Client()}", Closing);

        var second = await OpenSslClient.RunAsync(
            host.EndPoint("legacy"), $"-tls1_2 -ign_eof {(File.Exists(session) ? "-sess_in " + session : string.Empty)} {Client()}", Closing);

        Assert.Contains("New, TLSv1.2", second, StringComparison.Ordinal);
        Assert.DoesNotContain("Reused", second, StringComparison.Ordinal);
        Assert.Contains(Mesh.Client + " Tls12", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_tls_1_2_cannot_renegotiate()
    {
        Assert.SkipUnless(OpenSslClient.IsInstalled(), "There is no openssl.");
        await using var host = await StartAsync();

        var answer = await OpenSslClient.RunAsync(host.EndPoint("legacy"), $"-tls1_2 {Client()}", "R\n");

        var after = answer[answer.IndexOf("RENEGOTIATING", StringComparison.Ordinal)..];
        Assert.Contains("error:", after, StringComparison.Ordinal);
        Assert.DoesNotContain("verify return", after, StringComparison.Ordinal);
    }

    /// <summary>Neither a ticket nor an id of the server's is there to come back with, and so no peer that was not judged.</summary>
    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_2 -no_ticket")]
    [InlineData("-tls1_2 -legacy_renegotiation")]
    [InlineData("-tls1_2 -no_legacy_server_connect")]
    public async Task Each_connection_of_tls_1_2_is_judged_anew(string offer)
    {
        Assert.SkipUnless(OpenSslClient.IsInstalled(), "There is no openssl.");
        await using var host = await StartAsync();

        var answer = await OpenSslClient.RunAsync(host.EndPoint("legacy"), $"{offer} -reconnect {Client()}", "Q\n");

        Assert.Contains("New, TLSv1.2", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Reused", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("TLS session ticket:", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_2 -no_ticket")]
    [InlineData("-tls1_2 -alpn h2")]
    public async Task No_session_of_tls_1_2_is_given_out(string offer)
    {
        Assert.SkipUnless(OpenSslClient.IsInstalled(), "There is no openssl.");
        await using var host = await StartAsync();
        var session = Path.Combine(_folder.FullName, "session.pem");

        var answer = await OpenSslClient.RunAsync(host.EndPoint("legacy"), $"{offer} -sess_out {session} {Client()}", "Q\n");

        Assert.Contains("New, TLSv1.2", answer, StringComparison.Ordinal);
        Assert.False(File.Exists(session));
    }

    [Theory]
    [InlineData("-tls1_2 -alpn h2")]
    [InlineData("-tls1_2 -alpn http/1.1")]
    [InlineData("-tls1_2 -legacy_renegotiation")]
    public async Task No_kind_of_client_of_tls_1_2_renegotiates(string offer)
    {
        Assert.SkipUnless(OpenSslClient.IsInstalled(), "There is no openssl.");
        await using var host = await StartAsync();

        var answer = await OpenSslClient.RunAsync(host.EndPoint("legacy"), $"{offer} {Client()}", "R\n");

        var after = answer[answer.IndexOf("RENEGOTIATING", StringComparison.Ordinal)..];
        Assert.Contains("error:", after, StringComparison.Ordinal);
        Assert.DoesNotContain("verify return", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edge_listener_of_tls_1_2_renegotiates_and_resumes_nothing_either()
    {
        Assert.SkipUnless(OpenSslClient.IsInstalled(), "There is no openssl.");
        await using var host = await StartAsync("edge");

        var renegotiated = await OpenSslClient.RunAsync(host.EndPoint("edge"), "-tls1_2", "R\n");
        var resumed = await OpenSslClient.RunAsync(host.EndPoint("edge"), "-tls1_2 -reconnect", "Q\n");

        Assert.Contains("error:", renegotiated[renegotiated.IndexOf("RENEGOTIATING", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.DoesNotContain("Reused", resumed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_2_is_spoken_over_tls_1_2_too()
    {
        Assert.SkipUnless(OpenSslClient.IsInstalled(), "There is no openssl.");
        await using var host = await StartAsync();

        var answer = await OpenSslClient.RunAsync(host.EndPoint("legacy"), $"-tls1_2 -alpn h2 {Client()}", "Q\n");

        Assert.Contains("ALPN protocol: h2", answer, StringComparison.Ordinal);
        Assert.False(host.Logged("PeerRefused"));
    }

    [Fact]
    public async Task An_edge_listener_can_be_named_too()
    {
        Assert.SkipUnless(OpenSslClient.IsInstalled(), "There is no openssl.");
        await using var host = await StartAsync("edge");

        var answer = await OpenSslClient.RunAsync(host.EndPoint("edge"), "-tls1_2 -ign_eof", Closing);

        Assert.Contains("nobody Tls12", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_exception_is_told_at_start_with_its_reason()
    {
        await using var host = await StartAsync();

        var told = await host.WaitForEventAsync("ListenerCheckWeakened");
        Assert.Equal("aspnetcore.tls12:legacy", told.GetStructuredStateValue("Weakening"));
        Assert.Equal(Why, told.GetStructuredStateValue("Reason"));
        Assert.Contains(host.Services.GetServices<Weakening>(), weakening => weakening.Name == "aspnetcore.tls12:legacy");
    }

    [Theory]
    [InlineData("unknown", null, "ZeroTrust:Listeners:unknown: code allows TLS 1.2 on it, and it is not declared.")]
    [InlineData("probe", null, "ZeroTrust:Listeners:probe: code allows TLS 1.2 here, and a listener of role Probe speaks no TLS.")]
    [InlineData("legacy", "true", "ZeroTrust:Listeners:legacy:AllowResumption: code allows TLS 1.2 here, whose sessions are not resumed.")]
    public async Task An_exception_that_makes_no_sense_stops_the_host(string listener, string? resumption, string fault)
    {
        var settings = Settings();
        settings["ZeroTrust:Listeners:legacy:AllowResumption"] = resumption ?? "false";

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            await using var host = await TestHost.StartAsync(settings, _mesh, builder => Allow(builder, listener));
        });

        Assert.Contains(fault, failure.Failures, StringComparer.Ordinal);
    }

    [Fact]
    public void There_is_no_exception_without_a_reason()
    {
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddZeroTrust().DangerousListeners(d => d.AllowTls12("legacy", "")));
        Assert.Throws<ArgumentException>(() => PeerTls.DangerousAllowTls12(new SslServerAuthenticationOptions(), " "));
    }

    [Fact]
    public void A_handshake_that_may_resume_is_kept_to_tls_1_3()
    {
        var verifier = new PeerVerifier(_mesh.Bundles, Options.Create(new MtlsOptions { TrustDomain = Mesh.Domain }), TimeProvider.System);
        var tls = new PeerTls(verifier, _mesh.Credentials);
        var allowed = new PeerAllowList([WorkloadId.Parse(Mesh.Client)]);

        Assert.Throws<InvalidOperationException>(() => tls.AcceptClient(allowed, new ResumedPeers()).DangerousAllowTls12(Why));
        var options = tls.AcceptClient(allowed).DangerousAllowTls12(Why).CreateOptions();
        Assert.Equal("Tls12, Tls13", options.EnabledSslProtocols.ToString());
        Assert.False(options.AllowTlsResume);
        Assert.True(options.ClientCertificateRequired);
        Assert.Equal("Tls13", tls.AcceptClient(allowed).CreateOptions().EnabledSslProtocols.ToString());
    }

    private static Dictionary<string, string?> Settings() =>
        TestHost.MeshListener().Concat(TestHost.MeshListener(name: "legacy")).Concat(TestHost.EdgeListener()).Concat(TestHost.ProbeListener())
            .ToDictionary(StringComparer.OrdinalIgnoreCase);

    private static void Allow(WebApplicationBuilder builder, string listener) =>
        builder.Services.AddZeroTrust().DangerousListeners(dangers => dangers.AllowTls12(listener, Why));

    private string Client(TestCertificateAuthority? authority = null)
    {
        using var certificate = (authority ?? _mesh.Intermediate).Issue(Mesh.Client);
        var (certificateFile, keyFile) = certificate.WriteTo(_folder.FullName, Path.GetRandomFileName());
        return $"-cert {certificateFile} -cert_chain {certificateFile} -key {keyFile}";
    }

    private Task<TestHost> StartAsync(string listener = "legacy") => TestHost.StartAsync(
        Settings(),
        _mesh,
        builder => Allow(builder, listener),
        app => app.MapGet("/", (Microsoft.AspNetCore.Http.HttpContext context) =>
                $"{context.GetVerifiedPeer()?.ToString() ?? "nobody"} {context.Features.Get<Microsoft.AspNetCore.Connections.Features.ITlsHandshakeFeature>()!.Protocol}")
            .AllowPublic("test")
            .OnListeners(ListenerRoles.Edge | ListenerRoles.Mesh));
}
