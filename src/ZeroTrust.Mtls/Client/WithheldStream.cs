using System.Buffers;
using System.Buffers.Binary;

namespace ZeroTrust.Mtls.Client;

/// <summary>
/// The transport below TLS, which keeps what only a proved server may have. In TLS 1.3 the server's certificate is known before the
/// client's is sent (RFC 8446 section 2), but the platform asks for a verdict after it has written both: until then the client's flight
/// stays here.
/// </summary>
/// <remarks>
/// It is what begins with the first protected record (RFC 8446 section 5.2): Certificate, CertificateVerify and Finished. A
/// ClientHello, a second one included, is in the clear and passes. TLS 1.2, where code allows it, has no such records in a handshake and
/// shows a certificate to anybody.
/// </remarks>
internal sealed class WithheldStream(Stream transport) : Stream
{
    private const int RecordHeaderLength = 5;
    private const byte ApplicationData = 23;

    private ArrayBufferWriter<byte>? _held;
    private bool _isReleased;

    public override bool CanRead => transport.CanRead;

    public override bool CanWrite => transport.CanWrite;

    public override bool CanSeek => false;

    public override bool CanTimeout => transport.CanTimeout;

    public override int ReadTimeout
    {
        get => transport.ReadTimeout;
        set => transport.ReadTimeout = value;
    }

    public override int WriteTimeout
    {
        get => transport.WriteTimeout;
        set => transport.WriteTimeout = value;
    }

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Sends what was kept, to a server that is proved; all else is sent at once from now on.</summary>
    public ValueTask ReleaseAsync(CancellationToken cancellationToken)
    {
        _isReleased = true;
        var held = _held;
        _held = null;
        return held is null ? ValueTask.CompletedTask : transport.WriteAsync(held.WrittenMemory, cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        Keeps(buffer.Span) ? ValueTask.CompletedTask : transport.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!Keeps(buffer))
        {
            transport.Write(buffer);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        transport.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        transport.ReadAsync(buffer, offset, count, cancellationToken);

    public override int Read(Span<byte> buffer) => transport.Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => transport.Read(buffer, offset, count);

    public override void Flush() => transport.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => transport.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await transport.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            transport.Dispose();
        }

        base.Dispose(disposing);
    }

    // The platform writes whole records.
    private static bool HasProtected(ReadOnlySpan<byte> records)
    {
        while (records.Length >= RecordHeaderLength && records[0] != ApplicationData)
        {
            var length = RecordHeaderLength + BinaryPrimitives.ReadUInt16BigEndian(records[3..]);
            records = records[Math.Min(length, records.Length)..];
        }

        return !records.IsEmpty && records[0] == ApplicationData;
    }

    private bool Keeps(ReadOnlySpan<byte> records)
    {
        if (_isReleased || (_held is null && !HasProtected(records)))
        {
            return false;
        }

        (_held ??= new ArrayBufferWriter<byte>(records.Length)).Write(records);
        return true;
    }
}
