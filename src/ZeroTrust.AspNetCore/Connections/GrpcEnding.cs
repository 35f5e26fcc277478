using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore.Internal;
using ZeroTrust.AspNetCore.Refusals;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>
/// One running call of gRPC, of any service. When its peer loses trust it is cancelled, and ends with the status and the code instead of the reset
/// that follows, which clients take for a defect or an outage.
/// </summary>
/// <remarks>
/// The method is always awaited, and the status replaces whatever it ends with: nothing is written beside it. A method that ignores its
/// cancellation, or waits for a client that does not read, is reset.
/// </remarks>
internal sealed class GrpcEnding
{
    private readonly HttpContext _context;
    private readonly TrustLoss _loss;
    private readonly Action<HttpContext, Rejection>? _report;
    private readonly GrpcEnding? _outer;
    private bool _isTold;

    private GrpcEnding(HttpContext context, TrustLoss loss, Action<HttpContext, Rejection>? report, GrpcEnding? outer)
    {
        _context = context;
        _loss = loss;
        _report = report;
        _outer = outer;
    }

    /// <summary>Runs the rest of the pipeline.</summary>
    /// <param name="context">The call, of gRPC or not.</param>
    /// <param name="loss">When the peer is refused.</param>
    /// <param name="report">Logs and counts the refusal of the call; null where that is done elsewhere.</param>
    /// <param name="next">The rest of the pipeline.</param>
    public static Task RunAsync(HttpContext context, TrustLoss loss, Action<HttpContext, Rejection>? report, RequestDelegate next) =>
        GrpcRefusal.IsGrpc(context.Request) && GuardedCall.Find(context) is { } call
            ? new GrpcEnding(context, loss, report, call.Ending).RunAsync(call, next)
            : next(context);

    /// <summary>Puts the refusal, if there is one, where the status of the call is. The method has ended.</summary>
    public void Tell()
    {
        if (_loss.Rejection is not { } rejection)
        {
            _outer?.Tell();
            return;
        }

        if (GrpcRefusal.TryTell(_context, rejection) && !_isTold)
        {
            _isTold = true;
            _report?.Invoke(_context, rejection);
        }
    }

    private async Task RunAsync(GuardedCall call, RequestDelegate next)
    {
        var aborted = _context.RequestAborted;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(aborted, _loss.Token);
        _context.RequestAborted = ended.Token;
        call.Ending = this;
        try
        {
            // A method may read its stream without a token.
            var reader = _context.Request.BodyReader;
            await using var reads = _loss.Token.UnsafeRegister(
                static reader => ((PipeReader)reader!).CancelPendingRead(), reader).ConfigureAwait(false);
            await next(_context).ConfigureAwait(false);
        }
        finally
        {
            call.Ending = _outer;
            _context.RequestAborted = aborted;
        }

        Tell();
    }
}
