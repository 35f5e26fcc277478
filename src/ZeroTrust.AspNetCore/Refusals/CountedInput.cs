using System.Buffers;
using System.IO.Pipelines;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>
/// Counts what TLS takes from a connection. Each record costs its decryption, and a peer may put a byte in each: what that costs is seen
/// below TLS alone.
/// </summary>
/// <param name="inner">The bytes of the connection.</param>
internal sealed class CountedInput(PipeReader inner) : PipeReader
{
    private ReadOnlySequence<byte> _last;
    private bool _isDone;

    /// <summary>How many bytes were taken.</summary>
    public long Taken { get; private set; }

    /// <summary>Counts no more.</summary>
    public void Stop()
    {
        _isDone = true;
        _last = default;
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _isDone ? inner.ReadAsync(cancellationToken) : CountAsync(cancellationToken);

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        var isRead = inner.TryRead(out result);
        _last = result.Buffer;
        return isRead;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed)
    {
        Count(consumed);
        inner.AdvanceTo(consumed);
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        Count(consumed);
        inner.AdvanceTo(consumed, examined);
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => inner.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private async ValueTask<ReadResult> CountAsync(CancellationToken cancellationToken)
    {
        var result = await inner.ReadAsync(cancellationToken).ConfigureAwait(false);
        _last = result.Buffer;
        return result;
    }

    private void Count(SequencePosition consumed)
    {
        if (!_isDone)
        {
            Taken += _last.Slice(0, consumed).Length;
            _last = default;
        }
    }
}
