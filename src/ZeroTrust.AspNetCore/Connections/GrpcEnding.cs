using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore.Refusals;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>
/// Ends a running call of gRPC, of any service, when its peer loses trust: it is cancelled, and has the status and the code instead of the
/// reset that
/// follows, which clients take for a defect or an outage.
/// </summary>
/// <remarks>
/// The method is always awaited, and the status replaces whatever it ended with: nothing is written beside it. A method that ignores its
/// cancellation, or waits for a client that does not read, is reset.
/// </remarks>
internal static class GrpcEnding
{
    /// <summary>Runs the rest of the pipeline.</summary>
    /// <param name="context">The call, of gRPC or not.</param>
    /// <param name="loss">When the peer is refused.</param>
    /// <param name="report">
    /// Called once the status is written and before it is sent, to log and count the refusal of the call; null where that is done
    /// elsewhere.
    /// </param>
    /// <param name="next">The rest of the pipeline.</param>
    public static Task RunAsync(HttpContext context, TrustLoss loss, Action<HttpContext, Rejection>? report, RequestDelegate next) =>
        GrpcRefusal.IsGrpc(context.Request) ? EndAsync(context, loss, report, next) : next(context);

    private static async Task EndAsync(HttpContext context, TrustLoss loss, Action<HttpContext, Rejection>? report, RequestDelegate next)
    {
        var aborted = context.RequestAborted;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(aborted, loss.Token);
        context.RequestAborted = ended.Token;
        try
        {
            // A method may read its stream without a token.
            await using var reads = loss.Token.UnsafeRegister(
                static reader => ((PipeReader)reader!).CancelPendingRead(), context.Request.BodyReader).ConfigureAwait(false);
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            context.RequestAborted = aborted;
        }

        if (loss.Rejection is { } rejection && GrpcRefusal.TryTell(context, rejection))
        {
            report?.Invoke(context, rejection);
        }
    }
}
