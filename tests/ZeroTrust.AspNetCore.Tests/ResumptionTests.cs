using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Testing;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>Resumed TLS sessions on listeners, with a chain of three: a resumed client sends no certificates.</summary>
public sealed class ResumptionTests : IDisposable
{
    private const string Other = "spiffe://example.test/billing";

    private readonly Mesh _mesh = new();
    private readonly TestCertificate _client;

    public ResumptionTests() => _client = _mesh.Intermediate.Issue(Mesh.Client);

    public void Dispose()
    {
        _client.Dispose();
        _mesh.Dispose();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_client_resumes_its_session_and_is_known_again(string version)
    {
        await using var host = await StartAsync();
        var visitor = new Visitor(_mesh, _client, version);

        Assert.Equal((Mesh.Client, false), await visitor.VisitAsync(host.EndPoint("mesh")));
        Assert.Equal((Mesh.Client, true), await visitor.VisitAsync(host.EndPoint("mesh")));
        Assert.Equal((Mesh.Client, true), await visitor.VisitAsync(host.EndPoint("mesh")));
    }

    [Fact]
    public async Task A_listener_resumes_no_session_by_default()
    {
        await using var host = await StartAsync(settings => settings.Remove("ZeroTrust:Listeners:mesh:AllowResumption"));
        var visitor = new Visitor(_mesh, _client);

        Assert.Equal((Mesh.Client, false), await visitor.VisitAsync(host.EndPoint("mesh")));
        Assert.Equal((Mesh.Client, false), await visitor.VisitAsync(host.EndPoint("mesh")));
    }

    [Fact]
    public async Task A_ticket_of_another_listener_is_nothing_to_one_that_does_not_resume()
    {
        await using var host = await StartAsync(settings => AddListener(settings, "second", Mesh.Client, resumes: false));
        var visitor = new Visitor(_mesh, _client);
        await visitor.VisitAsync(host.EndPoint("mesh"));
        Assert.Equal((Mesh.Client, true), await visitor.VisitAsync(host.EndPoint("mesh")));

        Assert.Equal((Mesh.Client, false), await visitor.VisitAsync(host.EndPoint("second")));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_client_that_was_revoked_meanwhile_is_refused(string version)
    {
        PublishCrls();
        await using var host = await StartAsync();
        using var lasting = _mesh.Intermediate.Issue(Mesh.Client);
        var visitor = new Visitor(_mesh, _client, version);
        var neighbour = new Visitor(_mesh, lasting, version);
        await visitor.VisitAsync(host.EndPoint("mesh"));
        await neighbour.VisitAsync(host.EndPoint("mesh"));

        PublishCrls(_client);

        await AssertRefusedAsync(host, visitor, "mesh", "x509.revoked");
        Assert.Equal((Mesh.Client, true), await neighbour.VisitAsync(host.EndPoint("mesh")));
    }

    [Fact]
    public async Task A_client_that_was_denied_meanwhile_is_refused()
    {
        await using var host = await StartAsync();
        var visitor = new Visitor(_mesh, _client);
        await visitor.VisitAsync(host.EndPoint("mesh"));

        _mesh.Bundles.Replace(new TrustBundleSet(_mesh.Bundles.GetBundles(), new DenyList(workloads: [WorkloadId.Parse(Mesh.Client)])));

        await AssertRefusedAsync(host, visitor, "mesh", "mtls.workload_denied");
    }

    [Fact]
    public async Task A_ticket_of_one_listener_opens_no_other_that_does_not_list_the_client()
    {
        await using var host = await StartAsync(settings => AddListener(settings, "second", Other));

        // Without intermediates, so that nothing but the list stands in the way.
        using var certificate = _mesh.Authority.Issue(Mesh.Client);
        var visitor = new Visitor(_mesh, certificate);
        await visitor.VisitAsync(host.EndPoint("mesh"));

        await AssertRefusedAsync(host, visitor, "second", "mtls.peer_not_listed");
        using var listed = _mesh.Authority.Issue(Other);
        Assert.Equal((Other, false), await new Visitor(_mesh, listed).VisitAsync(host.EndPoint("second")));
    }

    [Fact]
    public async Task What_one_listener_knows_of_a_ticket_another_does_not()
    {
        await using var host = await StartAsync(settings => AddListener(settings, "second", Mesh.Client));
        var visitor = new Visitor(_mesh, _client);
        await visitor.VisitAsync(host.EndPoint("mesh"));

        // An HTTP client may connect again on its own.
        Assert.True(await Record.ExceptionAsync(() => visitor.VisitAsync(host.EndPoint("second"))) is null or HttpRequestException);
        Assert.True(visitor.Resumed[0]);
        AssertAudited(await host.WaitForEventAsync("PeerRefused"), "second", "x509.untrusted_anchor");

        // The client offers the same ticket, and is asked for its certificates.
        Assert.Equal((Mesh.Client, false), await visitor.VisitAsync(host.EndPoint("second")));
    }

    private static void AddListener(Dictionary<string, string?> settings, string name, string peer, bool resumes = true)
    {
        foreach (var (key, value) in TestHost.MeshListener(name: name))
        {
            settings[key] = value;
        }

        settings[$"ZeroTrust:Listeners:{name}:Peers:0"] = peer;
        settings[$"ZeroTrust:Listeners:{name}:AllowResumption"] = resumes.ToString();
    }

    private static async Task AssertRefusedAsync(TestHost host, Visitor visitor, string listener, string code)
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => visitor.VisitAsync(host.EndPoint(listener)));
        Assert.True(visitor.Resumed[0]);
        AssertAudited(await host.WaitForEventAsync("PeerRefused"), listener, code);
    }

    private static void AssertAudited(FakeLogRecord refused, string listener, string code)
    {
        Assert.Equal(code, refused.GetStructuredStateValue("error.type"));
        Assert.Equal(listener, refused.GetStructuredStateValue("zerotrust.listener"));
    }

    private Task<TestHost> StartAsync(Action<Dictionary<string, string?>>? configure = null)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        AddListener(settings, "mesh", Mesh.Client);
        configure?.Invoke(settings);
        return TestHost.StartAsync(
            settings, _mesh, use: app => app.MapGet("/", (HttpContext context) => context.GetVerifiedPeer()?.ToString()).RequirePeer());
    }

    private void PublishCrls(params IEnumerable<TestCertificate> revoked) => _mesh.Bundles.Replace(new TrustBundleSet(new TrustBundle(
        TrustDomain.Parse(Mesh.Domain),
        [_mesh.Authority.Certificate],
        crls: new CrlSet([_mesh.Authority.IssueCrl([]), _mesh.Intermediate.IssueCrl(revoked.Select(leaf => leaf.Certificate))]))));

    /// <summary>A client that resumes its session where the server lets it.</summary>
    private sealed class Visitor(Mesh mesh, TestCertificate certificate, string version = "1.1")
    {
        private readonly SslStreamCertificateContext _certificate = certificate.ToCredential().CertificateContext;

        /// <summary>For each handshake of the last visit, whether the server sent too little for its certificate to be in it (RFC 8446 section 2.2).</summary>
        public List<bool> Resumed { get; } = [];

        /// <summary>Sends one call over a connection of its own.</summary>
        public async Task<(string Peer, bool Resumed)> VisitAsync(IPEndPoint endPoint)
        {
            Resumed.Clear();
            using var handler = new SocketsHttpHandler { UseProxy = false };
            handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(endPoint, cancellationToken);
            using var http = new HttpClient(handler)
            {
                DefaultRequestVersion = Version.Parse(version),
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            return (await http.GetStringAsync(new Uri($"https://{endPoint}/"), TestContext.Current.CancellationToken), Resumed[^1]);
        }

        private async ValueTask<Stream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
        {
            var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endPoint, cancellationToken);
            var counted = new CountingStream(new NetworkStream(socket, ownsSocket: true));
            var stream = new SslStream(counted);
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    ClientCertificateContext = _certificate,
                    ApplicationProtocols = [version == "2.0" ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11],
                    RemoteCertificateValidationCallback = (_, server, _, _) => server is not null,
                },
                cancellationToken);
            Resumed.Add(counted.BytesRead < mesh.Credentials.GetCredential().Certificate.RawDataMemory.Length);
            return stream;
        }
    }

    private sealed class CountingStream(Stream inner) : Stream
    {
        public long BytesRead { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            BytesRead += read;
            return read;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
