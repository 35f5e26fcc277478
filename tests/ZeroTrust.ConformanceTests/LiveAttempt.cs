using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using ZeroTrust.Mtls;

namespace ZeroTrust.ConformanceTests;

/// <summary>One connection between openssl and our end, up to its close.</summary>
internal sealed class LiveAttempt
{
    private const string Theirs = "hello from openssl";
    private const string Ours = "hello from us";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly List<string> _faults = [];
    private readonly ConformanceCase _test;
    private readonly LiveJudge _judge;
    private readonly LiveEnd _end;
    private readonly bool _overruled;
    private Exception? _failure;
    private Verdict<VerifiedPeer> _told;

    private LiveAttempt(ConformanceCase test, LiveSide peer, bool overruled)
    {
        _test = test;
        _judge = new LiveJudge(test);
        _end = LiveEnd.Facing(peer, _judge, overruled);
        _overruled = overruled;
    }

    /// <summary>Our verdict; null when TLS refused the peer before we were asked.</summary>
    public Outcome? Outcome { get; private set; }

    /// <summary>Why TLS refused the peer before we were asked; null when it did not.</summary>
    public string? RefusedByTls { get; private set; }

    /// <summary>What the guard after the handshake says.</summary>
    public Verdict<VerifiedPeer> Guard { get; private set; }

    public IReadOnlyList<string> Faults => _faults;

    public static async Task<LiveAttempt> RunAsync(ConformanceCase test, LiveSide peer, string[] credential, bool overruled)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var attempt = new LiveAttempt(test, peer, overruled);
        await (peer == LiveSide.Client ? attempt.AcceptAsync(credential, deadline.Token) : attempt.ConnectAsync(credential, deadline.Token));
        deadline.Token.ThrowIfCancellationRequested();
        return attempt;
    }

    private async Task AcceptAsync(string[] credential, CancellationToken deadline)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var openssl = OpenSsl.Connect(((IPEndPoint)listener.LocalEndpoint).Port, credential, deadline);
        await openssl.SendAsync(Theirs);
        var accepting = listener.AcceptSocketAsync(deadline).AsTask();
        await Task.WhenAny(accepting, openssl.Exited);
        var socket = accepting.IsCompleted || listener.Pending() ? await accepting : null;
        await TalkAsync(socket, openssl, deadline);
    }

    private async Task ConnectAsync(string[] credential, CancellationToken deadline)
    {
        await using var openssl = OpenSsl.Listen(credential, deadline);
        Socket? socket = null;
        if (await openssl.ReadPortAsync(deadline) is { } port)
        {
            socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port, deadline);
            await openssl.SendAsync(Theirs);
        }

        await TalkAsync(socket, openssl, deadline);
    }

    private async Task TalkAsync(Socket? socket, OpenSsl openssl, CancellationToken deadline)
    {
        if (socket is not null)
        {
            await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await ShakeHandsAsync(stream, openssl, deadline);
        }

        var said = await openssl.FinishAsync(deadline);
        Explain(said, isConnected: socket is not null);
        if (Outcome is not { Accepted: true } && openssl.Printed(Ours))
        {
            _faults.Add("the refused peer read a byte of ours");
        }
    }

    private async Task ShakeHandsAsync(SslStream stream, OpenSsl openssl, CancellationToken deadline)
    {
        try
        {
            await _end.AuthenticateAsync(stream, deadline);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = exception;
        }

        Outcome = _judge.Outcome;
        _told = _end.Told();
        Guard = _end.Complete(stream);
        if (Outcome is not null)
        {
            CheckCaptured();
            CheckVerdicts(Outcome);
        }
        else if (Guard.IsAccepted)
        {
            _faults.Add("the guard accepts what nobody judged");
        }

        if (_overruled)
        {
            return; // The guard refuses; the product closes here, and so do we.
        }

        var (read, written) = (await ReadAsync(stream, deadline), await WriteAsync(stream, openssl, deadline));
        var expected = Outcome is { Accepted: true };
        if (read != expected || written != expected)
        {
            _faults.Add($"application data: read {read}, written {written}");
        }
    }

    private void CheckCaptured()
    {
        // A peer that repeats its leaf has sent nothing beside it.
        var sent = _test.Intermediates.Where(der => !der.Span.SequenceEqual(_test.Leaf.Span)).ToArray();
        var captured = _judge.Captured!;
        var isComplete = captured.LeafDer.Span.SequenceEqual(_test.Leaf.Span)
            && captured.IntermediatesDer.Count == sent.Length
            && captured.IntermediatesDer.Zip(sent).All(pair => pair.First.Span.SequenceEqual(pair.Second.Span));
        if (!isComplete)
        {
            _faults.Add($"{captured.IntermediatesDer.Count} intermediates captured of {sent.Length} sent, or others, or in another order");
        }
    }

    private void CheckVerdicts(Outcome outcome)
    {
        var toldCode = _told.Rejection?.Code ?? "accepted";
        if (toldCode != outcome.Code)
        {
            _faults.Add($"the callback answers {toldCode} where the judge answers {outcome.Code}");
        }

        if (Guard.IsAccepted != outcome.Accepted)
        {
            _faults.Add($"the guard answers {Guard}");
        }

        if ((_failure is null) != (outcome.Accepted || _overruled))
        {
            _faults.Add(_failure is null ? "the refused handshake completes" : $"the handshake fails: {_failure.Message}");
        }
    }

    private static async Task<bool> ReadAsync(SslStream stream, CancellationToken deadline)
    {
        try
        {
            var buffer = new byte[Theirs.Length];
            await stream.ReadExactlyAsync(buffer, deadline);
            return Encoding.ASCII.GetString(buffer) == Theirs;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<bool> WriteAsync(SslStream stream, OpenSsl openssl, CancellationToken deadline)
    {
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Ours + "\n"), deadline);
            return await openssl.ReadUntilAsync(Ours, deadline);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Names why we were not asked. What has no known reason is a fault, so that a broken run is no refusal.</summary>
    private void Explain(string? said, bool isConnected)
    {
        if (Outcome is not null)
        {
            return;
        }

        RefusedByTls = (_told.Rejection?.Code, said) switch
        {
            ("mtls.too_large", _) => $"more than {PeerCertificates.MaxIntermediates} intermediates or {PeerCertificates.MaxBytes} bytes: mtls.too_large",
            ("mtls.certificate_missing", _) => "openssl sends no certificate, since TLS 1.3 cannot use its key",
            (_, { }) when !isConnected => $"openssl cannot present it: {said}",
            _ when _failure is not null => $"the handshake fails: {_failure.GetBaseException().Message} (openssl: {said ?? "no error"})",
            _ => null,
        };
        if (RefusedByTls is null)
        {
            _faults.Add("openssl ended without a reason");
        }
    }
}
