using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;
using ZeroTrust.ConformanceTests;
using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore.Tests.Chains;

/// <summary>
/// Chains in which a signature does not verify with the first key that has the right name. TLS of the platform finds that too, and may not
/// end the
/// handshake for it: the verdict is the verifier's. Real TLS, openssl on the other side.
/// </summary>
public sealed class SentChainTests : IDisposable
{
    private const string Invalid = "x509.signature_invalid";
    private const int Rounds = 12;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly Mesh _mesh = new();

    /// <summary>With key identifiers and without; what is sent; the code, or null where it is accepted.</summary>
    public static TheoryData<bool, string, string?> Chains
    {
        get
        {
            var data = new TheoryData<bool, string, string?>();
            foreach (var hasIds in (bool[])[true, false])
            {
                data.Add(hasIds, "the issuing CA alone", null);
                data.Add(hasIds, "the old one first", null);
                data.Add(hasIds, "the new one first", null);
                data.Add(hasIds, "the old one first and the root", null);
                data.Add(hasIds, "two strangers of the name first", null);
                data.Add(hasIds, "the old one alone", Invalid);
                data.Add(hasIds, "a leaf that a stranger signed", Invalid);
                data.Add(hasIds, "a leaf that a stranger signed, both CAs", Invalid);
                data.Add(hasIds, "a leaf that was changed", Invalid);
                data.Add(hasIds, "a CA that was changed", Invalid);
                data.Add(hasIds, "a stranger of the CA's name", Invalid);
                data.Add(hasIds, "a leaf whose names cannot be parsed", "x509.malformed");
            }

            return data;
        }
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _mesh.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Chains))]
    public async Task A_client_is_judged_by_the_verifier_and_told_with_its_leaf(bool hasIds, string sent, string? code)
    {
        Assert.SkipWhen(OpenSsl.Version is null, OpenSsl.HowToGet);
        var chain = Trust(new(hasIds))[sent];
        await using var host = await StartAsync();

        Assert.Equal(code is null, await IsServedAsync(host, chain));

        var told = await host.WaitForEventAsync(code is null ? "PeerAccepted" : "PeerRefused");
        Assert.Equal(chain.LeafSha256, told.GetStructuredStateValue("zerotrust.leaf_sha256"));
        Assert.Equal(code, told.GetStructuredStateValue("error.type"));
    }

    [Theory]
    [InlineData("the old one first", null)]
    [InlineData("a leaf that a stranger signed", Invalid)]
    public async Task So_is_one_of_tls_1_2_where_a_listener_speaks_it(string sent, string? code)
    {
        Assert.SkipWhen(OpenSsl.Version is null, OpenSsl.HowToGet);
        var chain = Trust(new(hasIds: false))[sent];
        await using var host = await StartAsync(builder => builder.Services.AddZeroTrust().DangerousListeners(dangers => dangers.AllowTls12("mesh", "test")));

        Assert.Equal(code is null, await IsServedAsync(host, chain, "-tls1_2"));

        Assert.Equal(code, (await host.WaitForEventAsync(code is null ? "PeerAccepted" : "PeerRefused")).GetStructuredStateValue("error.type"));
    }

    [Theory]
    [MemberData(nameof(Chains))]
    public async Task So_is_a_server(bool hasIds, string sent, string? code)
    {
        Assert.SkipWhen(OpenSsl.Version is null, OpenSsl.HowToGet);
        var chain = Trust(new(hasIds))[sent];
        using var deadline = Deadline();
        await using var server = OpenSsl.Listen([.. chain.WriteTo(_folder.FullName), "-www"], deadline.Token);
        var port = await server.ReadPortAsync(deadline.Token);
        var handshake = NewTls().ConnectTo(WorkloadId.Parse(Mesh.Client));
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", port!.Value, deadline.Token);
        await using var stream = new SslStream(socket.GetStream());

        var failure = await Record.ExceptionAsync(() => stream.AuthenticateAsClientAsync(handshake.CreateOptions("localhost", []), deadline.Token));

        Assert.Equal(code is null, failure is null);
        Assert.Equal(code is null, handshake.Verdict.IsAccepted);
        Assert.Equal(code, handshake.Verdict.Rejection?.Code);
        Assert.Equal(chain.LeafSha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(handshake.Presented!.LeafDer.Span)));
    }

    [Fact]
    public async Task A_refused_chain_leaves_nothing_to_the_handshakes_after_it()
    {
        Assert.SkipWhen(OpenSsl.Version is null, OpenSsl.HowToGet);
        var ca = Trust(new(hasIds: false));
        await using var host = await StartAsync();

        for (var round = 0; round < Rounds; round++)
        {
            var served = await Task.WhenAll(
                IsServedAsync(host, ca["a leaf that a stranger signed"]),
                IsServedAsync(host, ca["the old one first"]),
                IsServedAsync(host, ca["the issuing CA alone"]));

            Assert.Equal([false, true, true], served);
        }

        var refusals = host.Logs.GetSnapshot().Where(record => record.Id.Name == "PeerRefused").ToList();
        Assert.All(refusals, refusal => Assert.Equal(Invalid, refusal.GetStructuredStateValue("error.type")));
    }

    private static CancellationTokenSource Deadline()
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        return deadline;
    }

    private RenewedCa Trust(RenewedCa ca)
    {
        _mesh.Bundles.Replace(new TrustBundleSet(new TrustBundle(TrustDomain.Parse(Mesh.Domain), [_mesh.Authority.Certificate, ca.Root])));
        return ca;
    }

    private PeerTls NewTls() =>
        new(new PeerVerifier(_mesh.Bundles, Options.Create(new MtlsOptions { TrustDomain = Mesh.Domain }), TimeProvider.System), _mesh.Credentials);

    private async Task<bool> IsServedAsync(TestHost host, SentChain chain, string version = "-tls1_3")
    {
        using var deadline = Deadline();
        await using var client = OpenSsl.Connect(host.EndPoint("mesh").Port, [.. chain.WriteTo(_folder.FullName), version], deadline.Token);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r");
        await client.FinishAsync(deadline.Token);
        return client.Printed("spiffe://example.test/gateway is served");
    }

    private Task<TestHost> StartAsync(Action<WebApplicationBuilder>? build = null) => TestHost.StartAsync(
        TestHost.MeshListener(),
        _mesh,
        build,
        use: app => app.MapGet("/", (Microsoft.AspNetCore.Http.HttpContext context) => $"{context.GetVerifiedPeer()} is served").AllowPublic("test")
            .OnListeners(ListenerRoles.Mesh));
}
