using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using ZeroTrust.AspNetCore.Refusals;
using ZeroTrust.Testing;
using ZeroTrust.Tests.Support;

namespace ZeroTrust.AspNetCore.Tests.Refusals;

/// <summary>A refused peer and what answers it, over a connection in memory and by a clock that stands still.</summary>
internal sealed class AnsweredPeer : IAsyncDisposable
{
    /// <summary>GET / (RFC 7541 appendix A).</summary>
    private static readonly byte[] Get = [0x82, 0x84, 0x87];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Pipe _toServer = new();
    private readonly Pipe _toPeer = new();
    private readonly SslStream _server;
    private readonly Connection _connection;
    private bool _isPrefaced;

    private AnsweredPeer()
    {
        Server = new HeldStream(_toServer.Reader, _toPeer.Writer);
        _server = new SslStream(Server);
        Stream = new SslStream(new HeldStream(_toPeer.Reader, _toServer.Writer));
        _connection = new Connection { Transport = new Ends(_toServer.Reader, _toPeer.Writer) };
    }

    public WatchedTime Time { get; } = new();

    /// <summary>The peer's side.</summary>
    public SslStream Stream { get; }

    /// <summary>The transport of the server.</summary>
    public HeldStream Server { get; }

    /// <summary>The peer's side below TLS, which is done.</summary>
    public PipeWriter Raw => _toServer.Writer;

    /// <summary>Ends when the peer has its answer, and its time.</summary>
    public Task Answering { get; private set; } = Task.CompletedTask;

    /// <summary>Ends when no more is taken of the peer.</summary>
    public Task Draining { get; private set; } = Task.CompletedTask;

    public bool IsAborted => _connection.IsAborted;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<AnsweredPeer> OpenAsync(SslApplicationProtocol protocol, bool holds = false)
    {
        var peer = new AnsweredPeer();
        using var authority = TestCertificateAuthority.Create("refusals");
        var server = peer._server.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = authority.Issue("spiffe://example.test/orders").ToCredential().CertificateContext,
                ApplicationProtocols = [protocol],
            },
            Cancelled);
        await peer.Stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ApplicationProtocols = [protocol],
                RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
            },
            Cancelled);
        await server;
        if (holds)
        {
            peer.Server.Hold();
        }

        peer.Answering = new RefusalResponder(speaksHttp2Alone: false, peer.Time).AnswerAsync(
            peer._connection, peer._server, new Rejection("mtls.peer_not_listed", string.Empty, RejectionKind.Forbidden));
        peer.Draining = peer.DrainAsync();
        return peer;
    }

    /// <summary>The host stops.</summary>
    public void Stop() => _connection.RequestClose();

    public static Task WithinPatienceAsync(Task task) => task.WaitAsync(Patience, Cancelled);

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(Patience);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), deadline.Token);
        }
    }

    /// <summary>Begins HTTP/2 with settings of none.</summary>
    public Task BeginAsync() => SendAsync(Http2FrameType.Settings, 0, 0, []);

    /// <summary>Asks on one stream.</summary>
    public Task AskAsync(int stream, bool ends = true) => SendAsync(
        Http2FrameType.Headers, (byte)(ends ? Http2Frame.EndHeaders | Http2Frame.EndStream : Http2Frame.EndHeaders), stream, Get);

    public Task PingAsync() => SendAsync(Http2FrameType.Ping, 0, 0, new byte[8]);

    public Task LeaveAsync() => SendAsync(Http2FrameType.GoAway, 0, 0, new byte[8]);

    /// <summary>Reads one frame.</summary>
    /// <returns>Null at the end.</returns>
    public async Task<(Http2FrameType Type, byte Flags, int Stream, byte[] Payload)?> ReadAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(Patience);
        var header = new byte[Http2Frame.HeaderLength];
        if (await Stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, deadline.Token) < header.Length)
        {
            return null;
        }

        var frame = Http2Frame.Read(header);
        var payload = new byte[frame.Length];
        await Stream.ReadExactlyAsync(payload, deadline.Token);
        return (frame.Type, frame.Flags, frame.Stream, payload);
    }

    /// <summary>Reads frames up to the first of one type.</summary>
    /// <returns>Its payload, and the types and streams before it; null where the connection ends without it.</returns>
    public async Task<(byte[]? Payload, List<(Http2FrameType Type, int Stream)> Before)> ReadToAsync(Http2FrameType type)
    {
        var before = new List<(Http2FrameType, int)>();
        while (await ReadAsync() is { } frame)
        {
            if (frame.Type == type)
            {
                return (frame.Payload, before);
            }

            before.Add((frame.Type, frame.Stream));
        }

        return (null, before);
    }

    public async ValueTask DisposeAsync()
    {
        Server.Release();
        await _toServer.Writer.CompleteAsync();
        await _toPeer.Reader.CompleteAsync();
        await Answering.WaitAsync(Patience);
        await Stream.DisposeAsync();
        await _server.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task DrainAsync()
    {
        await Answering;
        await RefusalDrain.RunAsync(_connection, _toServer.Reader, Time);
    }

    private Task SendAsync(Http2FrameType type, byte flags, int stream, byte[] payload)
    {
        byte[] preface = _isPrefaced ? [] : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
        _isPrefaced = true;
        var frame = new byte[Http2Frame.HeaderLength];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = ((byte)type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        return Stream.WriteAsync((byte[])[.. preface, .. frame, .. payload], Cancelled).AsTask();
    }

    private sealed class Ends(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }

    private sealed class Connection : DefaultConnectionContext, IConnectionLifetimeNotificationFeature
    {
        private readonly CancellationTokenSource _closing = new();
        private volatile bool _isAborted;

        public Connection()
        {
            ConnectionClosedRequested = _closing.Token;
            Features.Set<IConnectionLifetimeNotificationFeature>(this);
        }

        public CancellationToken ConnectionClosedRequested { get; set; }

        public bool IsAborted => _isAborted;

        public void RequestClose() => _closing.Cancel();

        public override void Abort(ConnectionAbortedException abortReason) => _isAborted = true;

        public override ValueTask DisposeAsync()
        {
            _closing.Dispose();
            return base.DisposeAsync();
        }
    }
}
