using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>
/// Takes what a refused peer still sends, until it closes. A socket that is closed with bytes unread is reset, and a reset takes the answer
/// with it before the peer has read it (RFC 9112 section 9.6). Many clients read nothing before they have sent all.
/// </summary>
/// <remarks>
/// The bytes are not decrypted, so a byte costs less here than the handshake that a peer which is cut would come back with. And the peer is
/// cut as soon as another wants its permit.
/// </remarks>
internal static class RefusalDrain
{
    /// <summary>How much is taken: 64 MB.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>How long a peer may take to close.</summary>
    public static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(30);

    // How long the rest of an answer may take to a peer that has closed its side, and may read nothing.
    private static readonly TimeSpan SendTime = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(ConnectionContext connection, PipeReader input, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(CloseTime, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            patience.Token,
            connection.ConnectionClosed,
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None);
        try
        {
            for (long taken = 0; taken < MaxBytes;)
            {
                var result = await input.ReadAsync(end.Token).ConfigureAwait(false);
                taken += result.Buffer.Length;
                input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted || result.IsCanceled)
                {
                    _ = AbortAsync(connection, time);
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            // It is gone, or has had its time.
        }

        Abort(connection);
    }

    private static async Task AbortAsync(ConnectionContext connection, TimeProvider time)
    {
        await Task.Delay(SendTime, time).ConfigureAwait(false);
        Abort(connection);
    }

    private static void Abort(ConnectionContext connection) => connection.Abort(new ConnectionAbortedException("refused"));
}
