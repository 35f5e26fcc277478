using System.Net.Security;
using System.Text;
using ZeroTrust.AspNetCore.Refusals;

namespace ZeroTrust.AspNetCore.Tests.Refusals;

/// <summary>How long a refused peer of HTTP/1.1 is waited for, and what is taken of any before it is cut.</summary>
public sealed class RefusalResponderTests
{
    private static readonly TimeSpan AskTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SendTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LateTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_told_after_two_seconds_when_it_has_not_asked()
    {
        await using var peer = await OpenAsync();
        await peer.Stream.WriteAsync("GET / HTTP/1.1\r\n"u8.ToArray(), Cancelled);
        await peer.Time.SetAsync(AskTime);
        peer.Time.Advance(AskTime - Tick);
        Assert.False(peer.Answering.IsCompleted);

        peer.Time.Advance(Tick);

        await AnsweredPeer.WithinPatienceAsync(peer.Answering);
        Assert.StartsWith("HTTP/1.1 403 ", await ReadAsync(peer), StringComparison.Ordinal);
        Assert.False(peer.IsAborted);
    }

    [Fact]
    public async Task It_is_cut_when_it_takes_no_answer_for_a_second()
    {
        await using var peer = await AskHeldAsync();

        peer.Time.Advance(SendTime);

        await AnsweredPeer.WithinPatienceAsync(peer.Answering);
        Assert.True(peer.IsAborted);
    }

    [Fact]
    public async Task It_is_not_cut_when_it_takes_its_answer_late()
    {
        await using var peer = await AskHeldAsync();
        peer.Time.Advance(SendTime - Tick);
        Assert.False(peer.Answering.IsCompleted);

        peer.Server.Release();

        await AnsweredPeer.WithinPatienceAsync(peer.Answering);
        Assert.StartsWith("HTTP/1.1 403 ", await ReadAsync(peer), StringComparison.Ordinal);
        Assert.False(peer.IsAborted);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task It_is_cut_behind_64_megabytes_that_it_sends_after_the_answer(int more, bool cut)
    {
        await using var peer = await AskedAsync();
        var part = new byte[1024 * 1024];
        for (var sent = 0L; sent < RefusalDrain.MaxBytes - part.Length; sent += part.Length)
        {
            await peer.Raw.WriteAsync(part, Cancelled);
        }

        await peer.Raw.WriteAsync(part.AsMemory(more == 0 ? 1 : 0), Cancelled);

        if (cut)
        {
            await AnsweredPeer.WithinPatienceAsync(peer.Draining);
            Assert.True(peer.IsAborted);
            return;
        }

        Assert.False(peer.IsAborted);
        Assert.False(peer.Draining.IsCompleted);
    }

    [Fact]
    public async Task It_is_cut_when_it_does_not_close_for_30_seconds()
    {
        await using var peer = await AskedAsync();
        await peer.Time.SetAsync(RefusalDrain.CloseTime);
        peer.Time.Advance(TimeSpan.FromSeconds(30) - Tick);
        Assert.False(peer.IsAborted);

        peer.Time.Advance(Tick);

        await AnsweredPeer.WithinPatienceAsync(peer.Draining);
        Assert.True(peer.IsAborted);
    }

    [Fact]
    public async Task It_is_cut_two_seconds_after_it_has_closed_its_side_and_not_before()
    {
        await using var peer = await AskedAsync();
        await peer.Raw.CompleteAsync();
        await AnsweredPeer.WithinPatienceAsync(peer.Draining);
        await peer.Time.SetAsync(LateTime);
        peer.Time.Advance(LateTime - Tick);
        Assert.False(peer.IsAborted);

        peer.Time.Advance(Tick);

        await AnsweredPeer.UntilAsync(() => peer.IsAborted);
    }

    [Fact]
    public async Task It_is_told_at_once_when_the_host_stops_and_then_cut()
    {
        await using var peer = await OpenAsync();
        await peer.Time.SetAsync(AskTime);

        peer.Stop();

        await AnsweredPeer.WithinPatienceAsync(peer.Answering);
        Assert.StartsWith("HTTP/1.1 403 ", await ReadAsync(peer), StringComparison.Ordinal);
        await AnsweredPeer.WithinPatienceAsync(peer.Draining);
        Assert.True(peer.IsAborted);
    }

    [Fact]
    public async Task Its_rest_is_not_taken_when_the_host_stops()
    {
        await using var peer = await AskedAsync();
        await peer.Time.SetAsync(RefusalDrain.CloseTime);
        Assert.False(peer.IsAborted);

        peer.Stop();

        await AnsweredPeer.WithinPatienceAsync(peer.Draining);
        Assert.True(peer.IsAborted);
    }

    private static Task<AnsweredPeer> OpenAsync(bool holds = false) => AnsweredPeer.OpenAsync(SslApplicationProtocol.Http11, holds);

    private static async Task<AnsweredPeer> AskHeldAsync()
    {
        var peer = await OpenAsync(holds: true);
        await peer.Stream.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Cancelled);
        await peer.Time.SetAsync(SendTime);
        return peer;
    }

    private static async Task<AnsweredPeer> AskedAsync()
    {
        var peer = await OpenAsync();
        await peer.Stream.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Cancelled);
        await AnsweredPeer.WithinPatienceAsync(peer.Answering);
        return peer;
    }

    private static async Task<string> ReadAsync(AnsweredPeer peer)
    {
        using var reader = new StreamReader(peer.Stream, Encoding.ASCII, leaveOpen: true);
        return await reader.ReadToEndAsync(Cancelled);
    }
}
