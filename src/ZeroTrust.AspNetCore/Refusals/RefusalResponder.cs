using System.Buffers;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>
/// Tells a refused peer over its finished handshake that it was refused, and by which code. It serves nothing and passes nothing on: no
/// parser of the server sees a byte of a peer that is not proved.
/// </summary>
/// <param name="speaksHttp2Alone">Whether the listener takes a peer that negotiates no protocol for one of HTTP/2.</param>
/// <param name="time">The time that a peer is given.</param>
internal sealed class RefusalResponder(bool speaksHttp2Alone, TimeProvider time)
{
    // What is sent fits into the buffers of the transport; a peer that reads nothing delays nothing.
    private static readonly TimeSpan SendTime = TimeSpan.FromSeconds(1);

    /// <summary>Answers and ends the connection's TLS. Never throws for what the peer does.</summary>
    public async Task AnswerAsync(ConnectionContext connection, SslStream stream, Rejection rejection)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(Http1Refusal.MaxHeadLength, Http2Refusal.BufferLength));
        try
        {
            var end = await AskAsync(connection, stream, new RefusalAnswer(rejection, time.GetUtcNow()), buffer).ConfigureAwait(false);
            using var sending = new CancellationTokenSource(SendTime, time);
            if (!end.IsEmpty)
            {
                await stream.WriteAsync(end, sending.Token).ConfigureAwait(false);
            }

            await stream.ShutdownAsync().WaitAsync(sending.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Whatever the peer did, its refusal is in the log already; an exception would be an error of the server there, at a
            // stranger's will. What it did not take is not kept for it.
            connection.Abort(new ConnectionAbortedException("refused"));
        }
        finally
        {
            // What a peer asks for may be a secret of its user.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private async Task<ReadOnlyMemory<byte>> AskAsync(
        ConnectionContext connection, SslStream stream, RefusalAnswer answer, Memory<byte> buffer)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            connection.ConnectionClosed,
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None);
        var isHttp2 = stream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2
            || (speaksHttp2Alone && stream.NegotiatedApplicationProtocol.Protocol.IsEmpty);
        var wire = connection.Features.Get<CountedInput>();
        return await (isHttp2
            ? new Http2Refusal(stream, wire, answer, buffer, time).RunAsync(end.Token)
            : new Http1Refusal(stream, wire, answer, buffer, time).RunAsync(end.Token)).ConfigureAwait(false);
    }
}
