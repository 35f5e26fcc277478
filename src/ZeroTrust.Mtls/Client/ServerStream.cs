using System.Net.Security;

namespace ZeroTrust.Mtls.Client;

/// <summary>One connection to a server, with its proof. It can be judged again and cut for as long as it is open.</summary>
internal sealed class ServerStream(
    Stream transport, PeerClientHandshake handshake, HandlerParts parts, string address, ServerConnections connections)
    : SslStream(new WithheldStream(transport))
{
    // A server that refuses needs a round trip and a verification. One that ends later has read the call, and may have worked on it.
    private static readonly TimeSpan RightAfterTheHandshake = TimeSpan.FromSeconds(1);

    private bool _isHttp11;
    private long _completed;
    private volatile bool _isAnswered;
    private volatile bool _isClosedHere;
    private UnansweredException? _unanswered;

    /// <summary>The latest proof; null until the handshake is complete.</summary>
    public VerifiedPeer? Peer { get; private set; }

    public string Address { get; } = address;

    /// <summary>Whether the server has sent anything.</summary>
    public bool IsAnswered => _isAnswered;

    /// <summary>What this workload proves itself with on it.</summary>
    public PeerCredential Credential => handshake.Credential;

    /// <summary>How it ended, where that was before a byte from the server; else null.</summary>
    public UnansweredException? Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>Sets the proof, from the finished handshake.</summary>
    public Verdict<VerifiedPeer> Complete()
    {
        _completed = parts.Time.GetTimestamp();
        _isHttp11 = NegotiatedApplicationProtocol != SslApplicationProtocol.Http2;
        return Keep(handshake.Complete(this));
    }

    /// <summary>Sends the server, which is proved, what was kept from it: the certificate of this workload.</summary>
    public ValueTask ReleaseAsync(CancellationToken cancellationToken) => ((WithheldStream)InnerStream).ReleaseAsync(cancellationToken);

    /// <summary>Renews the proof by the trust and the time of now.</summary>
    public Verdict<VerifiedPeer> Recheck() => Peer is { } peer ? Keep(handshake.Recheck(peer)) : Rejection.NotEvaluated;

    // The transport alone: whoever reads or writes fails at once, and disposes the rest.
    public void Abort()
    {
        _isClosedHere = true;
        InnerStream.Dispose();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _isAnswered ? base.ReadAsync(buffer, cancellationToken) : ReadFirstAsync(buffer, cancellationToken);

    public override int Read(Span<byte> buffer)
    {
        if (_isAnswered)
        {
            return base.Read(buffer);
        }

        try
        {
            return Answered(base.Read(buffer), buffer.Length);
        }
        catch (Exception exception) when (IsUnanswered(exception))
        {
            throw _unanswered!;
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Ask(buffer.Span);
        return _isAnswered ? base.WriteAsync(buffer, cancellationToken) : WriteFirstAsync(buffer, cancellationToken);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Ask(buffer);
        try
        {
            base.Write(buffer);
        }
        catch (Exception exception) when (IsUnanswered(exception))
        {
            throw _unanswered!;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        _isClosedHere = true;
        await base.DisposeAsync().ConfigureAwait(false);
        connections.Remove(this);
    }

    protected override void Dispose(bool disposing)
    {
        _isClosedHere = true;
        base.Dispose(disposing);
        if (disposing)
        {
            connections.Remove(this);
        }
    }

    private void Ask(ReadOnlySpan<byte> bytes)
    {
        if (_isHttp11)
        {
            SentCall.Current?.Writing(this, bytes);
        }
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return Answered(await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Length);
        }
        catch (Exception exception) when (IsUnanswered(exception))
        {
            throw _unanswered!;
        }
    }

    private async ValueTask WriteFirstAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await base.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsUnanswered(exception))
        {
            throw _unanswered!;
        }
    }

    // The platform reads into nothing to wait for something.
    private int Answered(int read, int wanted)
    {
        if (read == 0)
        {
            return wanted > 0 && IsUnanswered(cause: null) ? throw _unanswered! : 0;
        }

        _isAnswered = true;
        return read;
    }

    // Once known it stays the reason: what reads ends the connection, and what writes at the same time meets one that is disposed.
    private bool IsUnanswered(Exception? cause)
    {
        if (Unanswered is not null)
        {
            return true;
        }

        if (_isAnswered || _isClosedHere || cause is not (null or IOException) || Find(cause) is not { } found)
        {
            return false;
        }

        if (Interlocked.CompareExchange(ref _unanswered, found, null) is null)
        {
            parts.Audit.Unanswered(parts.Server, Address, found.Rejection);
        }

        return true;
    }

    private UnansweredException? Find(Exception? cause) =>
        TlsAlert.In(cause) is { } alert && TlsAlert.IsOfTheCertificate(alert) ? HandshakeFailures.RefusedByServer(handshake, alert, cause)
        : parts.Time.GetElapsedTime(_completed) <= RightAfterTheHandshake && !connections.IsServedBeside(this)
            ? HandshakeFailures.ClosedAfterHandshake(handshake, cause)
        : null;

    private Verdict<VerifiedPeer> Keep(Verdict<VerifiedPeer> verdict)
    {
        if (verdict.TryGet(out var peer, out _))
        {
            Peer = peer;
        }

        return verdict;
    }
}
