using ZeroTrust.Mtls.Client;

namespace ZeroTrust.Mtls.Tests;

/// <summary>What goes out before a server is proved, record by record, and in which order the rest does.</summary>
public sealed class WithheldStreamTests : IDisposable
{
    private const byte ChangeCipherSpec = 20;
    private const byte Handshake = 22;
    private const byte Protected = 23;

    private readonly MemoryStream _sent = new();
    private readonly WithheldStream _stream;

    public WithheldStreamTests() => _stream = new WithheldStream(_sent);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _stream.Dispose();

    [Fact]
    public async Task Records_in_the_clear_go_out_at_once()
    {
        await _stream.WriteAsync((byte[])[.. Record(Handshake, 300), .. Record(ChangeCipherSpec, 1)], Cancelled);

        Assert.Equal(300 + 1 + 10, _sent.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_protected_record_stays_here_wherever_it_stands(bool synchronously)
    {
        await WriteAsync([.. Record(ChangeCipherSpec, 1), .. Record(Protected, 500)], synchronously);
        Assert.Equal(0, _sent.Length);

        await _stream.ReleaseAsync(Cancelled);

        Assert.Equal(1 + 500 + 10, _sent.Length);
    }

    [Fact]
    public async Task What_comes_behind_a_kept_record_is_kept_and_goes_out_in_its_order()
    {
        await _stream.WriteAsync(Record(Protected, 100), Cancelled);
        await _stream.WriteAsync(Record(ChangeCipherSpec, 1), Cancelled);
        await _stream.WriteAsync(Record(Protected, 50), Cancelled);
        Assert.Equal(0, _sent.Length);

        await _stream.ReleaseAsync(Cancelled);
        await _stream.WriteAsync(Record(Protected, 10), Cancelled);

        Assert.Equal(
            [.. Record(Protected, 100), .. Record(ChangeCipherSpec, 1), .. Record(Protected, 50), .. Record(Protected, 10)],
            _sent.ToArray());
    }

    private static byte[] Record(byte type, int length) => [type, 3, 3, (byte)(length >> 8), (byte)length, .. new byte[length]];

    private async Task WriteAsync(byte[] bytes, bool synchronously)
    {
        if (synchronously)
        {
            _stream.Write(bytes);
            return;
        }

        await _stream.WriteAsync(bytes, Cancelled);
    }
}
