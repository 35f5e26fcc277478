using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using ZeroTrust.Mtls.Tests.Counting;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests;

/// <summary>Which ends of a connection say that the server may have refused this workload, and which say nothing of it.</summary>
public sealed class MtlsUnansweredTests : IDisposable
{
    private const string Code = "mtls.closed_after_handshake";

    private readonly World _world = new();
    private readonly TestCertificate _orders;
    private readonly TestCertificate _billing;
    private readonly MemoryPeerCredentialSource _credentials;

    public MtlsUnansweredTests()
    {
        _orders = _world.Intermediate.Issue(World.Orders);
        _billing = _world.Intermediate.Issue(World.Billing);
        _credentials = new MemoryPeerCredentialSource(_orders.ToCredential());
    }

    private static PeerAllowList Listed => new(WorkloadId.Parse(World.Orders));

    private static PeerAllowList Others => new(WorkloadId.Parse("spiffe://example.test/other"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _billing.Dispose();
        _orders.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task A_connection_that_is_served_says_nothing_for_a_newer_certificate()
    {
        await using var refusing = new CountingServer(_world.Tls(_billing), Others);
        await using var serving = await MeshServer.StartAsync(_world.Tls(_billing), Listed);
        using var client = new BoundClient(_world, _credentials);
        using var held = await HoldAsync(client, serving);
        using var renewed = _world.Intermediate.Issue(World.Orders);
        _credentials.Replace(renewed.ToCredential());

        var failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.SendAsync(HttpMethod.Get, refusing.AddressOf(1, Cut.None), "1.1"));

        Assert.Equal(Code, RejectionException.FindIn(failure)?.Code);
    }

    [Fact]
    public async Task A_connection_that_is_served_speaks_for_the_certificate_it_was_opened_with()
    {
        await using var refusing = new CountingServer(_world.Tls(_billing), Others);
        await using var serving = await MeshServer.StartAsync(_world.Tls(_billing), Listed);
        using var client = new BoundClient(_world, _credentials);
        using var held = await HoldAsync(client, serving);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.SendAsync(HttpMethod.Post, refusing.AddressOf(1, Cut.None), "1.1", "body"));

        Assert.Null(RejectionException.FindIn(failure));
    }

    [Fact]
    public async Task A_connection_that_is_open_and_was_never_answered_says_nothing()
    {
        await using var refusing = new CountingServer(_world.Tls(_billing), Others);
        await using var silent = await MeshServer.StartAsync(_world.Tls(_billing), Listed);
        using var client = new BoundClient(_world, _credentials);
        var asked = NeverAnswer(silent);
        var pending = client.GetAsync(silent.Address, "1.1");
        await asked.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.SendAsync(HttpMethod.Get, refusing.AddressOf(1, Cut.None), "1.1"));

        Assert.Equal(Code, RejectionException.FindIn(failure)?.Code);
        client.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => pending);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_connection_that_is_cut_from_here_is_no_refusal_by_the_server(string version)
    {
        await using var server = await MeshServer.StartAsync(_world.Tls(_billing), Listed);
        using var client = new BoundClient(_world, _credentials);
        var asked = NeverAnswer(server);
        var call = client.PostAsync(server.Address, version);
        await asked.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

        _world.Bundles.Replace(new TrustBundleSet(_world.Bundles.GetBundles(), new DenyList(workloads: [WorkloadId.Parse(World.Billing)])));

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => call.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
        Assert.NotEqual(Code, RejectionException.FindIn(failure)?.Code, StringComparer.Ordinal);
        await Eventually.TrueAsync(() => client.Told("ServerConnectionAborted").Any(), "the cut was not told");
        Assert.Empty(client.Told("ServerUnanswered"));
    }

    [Fact]
    public async Task A_content_that_cannot_be_written_on_an_answered_connection_is_no_refusal()
    {
        using var client = new BoundClient(_world, _credentials);
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var serving = AnswerOnceAndResetAsync(listening);
        var address = await listening.Task;
        using var first = new HttpRequestMessage(HttpMethod.Get, address);
        using var answer = client.Send(first);
        using var second = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(new byte[16_000_000]) };

        var failure = Assert.Throws<HttpRequestException>(() => client.Send(second));

        await serving;
        Assert.Null(RejectionException.FindIn(failure));
        Assert.Empty(client.Told("ServerUnanswered"));
    }

    private static Task NeverAnswer(MeshServer server)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Answer = async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        return asked.Task;
    }

    private static async Task<HttpResponseMessage> HoldAsync(BoundClient client, MeshServer server)
    {
        server.Answer = async context =>
        {
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        return await client.OpenAsync(server.Address, "1.1");
    }

    private async Task AnswerOnceAndResetAsync(TaskCompletionSource<Uri> listening)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        listening.SetResult(new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}"));
        using var socket = await listener.AcceptSocketAsync(Cancelled);
        await using var stream = new SslStream(new NetworkStream(socket));
        var handshake = _world.Tls(_billing).AcceptClient(Listed);
        await stream.AuthenticateAsServerAsync(handshake.CreateOptions([SslApplicationProtocol.Http11]), Cancelled);
        await ReadHeadAsync(stream);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), Cancelled);
        await ReadHeadAsync(stream);
        socket.LingerState = new LingerOption(enable: true, 0);
        socket.Close();
    }

    private static async Task ReadHeadAsync(SslStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, Cancelled);
            head.Append((char)one[0]);
        }
    }
}
