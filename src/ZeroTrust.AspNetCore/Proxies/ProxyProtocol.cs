using System.Buffers;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Connections;
using ZeroTrust.AspNetCore.Internal;

namespace ZeroTrust.AspNetCore.Proxies;

/// <summary>
/// Takes the header of the PROXY protocol from connections of listed addresses, where it has to come, and leaves the others unread. What
/// follows sees the client's address as that of the connection.
/// </summary>
/// <param name="from">The addresses of the proxies.</param>
/// <param name="patience">How long a connection may take to send its header.</param>
/// <param name="mostWaiting">How many connections may be without theirs; one more closes the oldest.</param>
/// <param name="time">The clock.</param>
/// <param name="refused">Called for each connection that is refused, with its address.</param>
internal sealed class ProxyProtocol(
    AddressRanges from, TimeSpan patience, int mostWaiting, TimeProvider time, Action<Rejection, EndPoint?> refused)
{
    private readonly LinkedList<ConnectionContext> _waiting = [];
    private readonly Lock _lock = new();

    public async Task ReadAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (!from.Contains(connection.RemoteEndPoint))
        {
            await next(connection).ConfigureAwait(false);
            return;
        }

        if (await WaitAsync(connection).ConfigureAwait(false) is not { } header)
        {
            connection.Abort();
            return;
        }

        var (remote, local) = (connection.RemoteEndPoint, connection.LocalEndPoint);
        connection.RemoteEndPoint = header.Source ?? remote;
        connection.LocalEndPoint = header.Destination ?? local;
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            // The server counts open connections by their local end, up and down.
            connection.RemoteEndPoint = remote;
            connection.LocalEndPoint = local;
        }
    }

    private async Task<ProxyHeader?> WaitAsync(ConnectionContext connection)
    {
        var place = Enter(connection);
        try
        {
            var read = await ReadHeaderAsync(connection).ConfigureAwait(false);
            if (!Leave(place) || read is not { } verdict)
            {
                return null;
            }

            if (verdict.TryGet(out var header, out var rejection))
            {
                return header;
            }

            refused(rejection, connection.RemoteEndPoint);
            return null;
        }
        finally
        {
            Leave(place);
        }
    }

    /// <returns>Null where the connection ended, or has given way, with nothing to tell.</returns>
    private async Task<Verdict<ProxyHeader>?> ReadHeaderAsync(ConnectionContext connection)
    {
        using var limit = new CancellationTokenSource(patience, time);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(limit.Token).ConfigureAwait(false);
                if (TryRead(result.Buffer, out var verdict))
                {
                    var end = result.Buffer.GetPosition(verdict.IsAccepted ? verdict.Value.Length : 0);
                    input.AdvanceTo(end, end);
                    return verdict;
                }

                var isEmpty = result.Buffer.IsEmpty;
                input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                if (result.IsCanceled || (result.IsCompleted && isEmpty))
                {
                    return null;
                }

                if (result.IsCompleted)
                {
                    return AspNetCoreRejections.Refuse(
                        AspNetCoreRejectionReason.ProxyHeaderMalformed, "The connection ended within its header of the PROXY protocol.");
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return AspNetCoreRejections.Refuse(
                AspNetCoreRejectionReason.ProxyHeaderTimeout,
                string.Create(CultureInfo.InvariantCulture, $"No whole header of the PROXY protocol came within {patience}."));
        }
        catch (IOException)
        {
            // The peer is gone.
            return null;
        }
    }

    private static bool TryRead(in ReadOnlySequence<byte> bytes, out Verdict<ProxyHeader> verdict)
    {
        verdict = default;
        if (bytes.IsEmpty)
        {
            return false;
        }

        return bytes.IsSingleSegment
            ? ProxyHeaderReader.TryRead(bytes.FirstSpan, out verdict)
            : ProxyHeaderReader.TryRead(bytes.Slice(0, Math.Min(bytes.Length, ProxyHeaderReader.MaxLength)).ToArray(), out verdict);
    }

    private LinkedListNode<ConnectionContext> Enter(ConnectionContext connection)
    {
        ConnectionContext? oldest = null;
        LinkedListNode<ConnectionContext> place;
        lock (_lock)
        {
            if (_waiting.Count >= mostWaiting)
            {
                oldest = _waiting.First!.Value;
                _waiting.RemoveFirst();
            }

            place = _waiting.AddLast(connection);
        }

        if (oldest is not null)
        {
            refused(
                AspNetCoreRejections.Refuse(
                    AspNetCoreRejectionReason.ProxyHeaderTimeout,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{mostWaiting} connections waited for their header of the PROXY protocol, and a newer one came.")),
                oldest.RemoteEndPoint);
            oldest.Transport.Input.CancelPendingRead();
        }

        return place;
    }

    /// <returns>Whether the connection still had its place.</returns>
    private bool Leave(LinkedListNode<ConnectionContext> place)
    {
        lock (_lock)
        {
            if (place.List is null)
            {
                return false;
            }

            _waiting.Remove(place);
            return true;
        }
    }
}
