using System.IO.Pipelines;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>
/// The server's writer for whatever asked for it before the decision. What lies in that writer leaves with the next response, an empty 500 included;
/// so nothing is put there before a decision accepted the call.
/// </summary>
internal sealed class GuardedPipe(GuardedCall call) : PipeWriter
{
    private PipeWriter Server
    {
        get
        {
            call.RequireDecided();
            return call.ServerBody.Writer;
        }
    }

    public override bool CanGetUnflushedBytes => call.ServerBody.Writer.CanGetUnflushedBytes;

    public override long UnflushedBytes => call.ServerBody.Writer.UnflushedBytes;

    public override void Advance(int bytes) => Server.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => Server.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => Server.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => Server.FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        Server.WriteAsync(source, cancellationToken);

    public override void CancelPendingFlush() => call.ServerBody.Writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => call.ServerBody.Writer.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => call.ServerBody.Writer.CompleteAsync(exception);
}
