using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>
/// Takes what a refused peer still sends, until it closes. A socket that is closed with bytes unread is reset, and a reset takes the
/// answer with it before the peer has read it (RFC 9112 section 9.6). The bytes are not decrypted.
/// </summary>
internal static class RefusalDrain
{
    /// <summary>How much is taken.</summary>
    public const long MaxBytes = 4 * 1024 * 1024;

    /// <summary>How long a peer may take to close.</summary>
    public static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);

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
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            // It is gone, or has had its time.
        }
    }
}
