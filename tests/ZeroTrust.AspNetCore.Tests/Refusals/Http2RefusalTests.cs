using System.Buffers.Binary;
using System.Net.Security;
using ZeroTrust.AspNetCore.Refusals;

namespace ZeroTrust.AspNetCore.Tests.Refusals;

/// <summary>How much and how long a refused client of HTTP/2 may ask, and how it is let go.</summary>
public sealed class Http2RefusalTests
{
    private const int MostStreams = 1000;

    private static readonly TimeSpan RoundTrip = ConnectionDrain.RoundTrip;

    [Fact]
    public async Task It_is_told_how_many_streams_it_may_have_open()
    {
        await using var peer = await OpenAsync();

        var settings = (await peer.ReadAsync())!.Value;

        Assert.Equal(Http2FrameType.Settings, settings.Type);
        Assert.Equal(3, BinaryPrimitives.ReadUInt16BigEndian(settings.Payload));
        Assert.Equal(100, BinaryPrimitives.ReadInt32BigEndian(settings.Payload.AsSpan(2)));
    }

    [Fact]
    public async Task After_a_thousand_streams_it_is_asked_for_no_more_and_what_crosses_is_answered()
    {
        await using var peer = await OpenAsync();
        for (var i = 0; i < MostStreams; i++)
        {
            await peer.AskAsync(1 + (2 * i));
            Assert.DoesNotContain((Http2FrameType.GoAway, 0), (await peer.ReadToAsync(Http2FrameType.Headers)).Before);
        }

        await peer.PingAsync();
        Assert.DoesNotContain((Http2FrameType.GoAway, 0), (await peer.ReadToAsync(Http2FrameType.Ping)).Before);
        await peer.AskAsync(1 + (2 * MostStreams));

        Assert.Equal(int.MaxValue, LastStreamOf((await peer.ReadToAsync(Http2FrameType.GoAway)).Payload!));
        await peer.AskAsync(3 + (2 * MostStreams));
        Assert.NotNull((await peer.ReadToAsync(Http2FrameType.Headers)).Payload);
    }

    [Fact]
    public async Task It_may_ask_on_for_ten_seconds_and_for_two_more_behind_the_goodbye()
    {
        await using var peer = await OpenAsync();
        await peer.AskAsync(1);
        await peer.ReadToAsync(Http2FrameType.Data);

        var goodbye = await AskOnAsync(peer, 3, TimeSpan.FromSeconds(15));
        Assert.InRange(goodbye.After, TimeSpan.FromSeconds(9.9), TimeSpan.FromSeconds(10.5));

        var end = await AskOnAsync(peer, goodbye.Stream, TimeSpan.FromSeconds(5));
        Assert.InRange(end.After, TimeSpan.FromSeconds(1.7), TimeSpan.FromSeconds(2.5));
    }

    [Fact]
    public async Task It_may_ask_nothing_for_a_minute_and_no_longer()
    {
        await using var peer = await OpenAsync();
        await peer.BeginAsync();
        await peer.Time.SetAsync(TimeSpan.FromSeconds(60));
        peer.Time.Advance(TimeSpan.FromSeconds(59.9));
        await peer.PingAsync();
        Assert.DoesNotContain((Http2FrameType.GoAway, 0), (await peer.ReadToAsync(Http2FrameType.Ping)).Before);
        await peer.Time.SetAsync(RoundTrip);

        peer.Time.Advance(RoundTrip);

        Assert.Equal(int.MaxValue, LastStreamOf((await peer.ReadToAsync(Http2FrameType.GoAway)).Payload!));
    }

    [Fact]
    public async Task It_is_told_by_and_by_to_stop_to_ask_no_more_and_that_it_is_over()
    {
        await using var peer = await OpenAsync();
        await peer.AskAsync(1, ends: false);
        await peer.ReadToAsync(Http2FrameType.Data);
        await peer.Time.SetAsync(RoundTrip);

        peer.Time.Advance(RoundTrip);
        var (reset, before) = await peer.ReadToAsync(Http2FrameType.ResetStream);
        Assert.NotNull(reset);
        Assert.Empty(before);

        await peer.Time.SetAsync(RoundTrip);
        peer.Time.Advance(RoundTrip);
        (var goodbye, before) = await peer.ReadToAsync(Http2FrameType.GoAway);
        Assert.Equal(int.MaxValue, LastStreamOf(goodbye!));
        Assert.Empty(before);

        await peer.Time.SetAsync(RoundTrip);
        await peer.AskAsync(3, ends: false);
        await peer.ReadToAsync(Http2FrameType.Data);
        await peer.Time.SetAsync(RoundTrip);
        peer.Time.Advance(TimeSpan.FromSeconds(2));
        (goodbye, before) = await peer.ReadToAsync(Http2FrameType.GoAway);
        Assert.Equal(3, LastStreamOf(goodbye!));
        Assert.Equal([(Http2FrameType.ResetStream, 3)], before);
        Assert.Null(await peer.ReadAsync());
    }

    [Fact]
    public async Task What_it_has_not_ended_when_it_says_goodbye_is_reset_before_the_end()
    {
        await using var peer = await OpenAsync();
        await peer.AskAsync(1, ends: false);
        await peer.AskAsync(3);
        await peer.LeaveAsync();

        var (goodbye, before) = await peer.ReadToAsync(Http2FrameType.GoAway);

        Assert.Equal(3, LastStreamOf(goodbye!));
        Assert.Equal([(Http2FrameType.ResetStream, 1)], before.Where(static frame => frame.Type == Http2FrameType.ResetStream));
        Assert.Equal(2, before.Count(static frame => frame.Type == Http2FrameType.Data));
        Assert.Null(await peer.ReadAsync());
    }

    [Fact]
    public async Task It_is_let_go_at_once_when_the_host_stops()
    {
        await using var peer = await OpenAsync();
        await peer.Time.SetAsync(TimeSpan.FromSeconds(60));

        peer.Stop();

        Assert.NotNull((await peer.ReadToAsync(Http2FrameType.GoAway)).Payload);
        Assert.Null(await peer.ReadAsync());
        await AnsweredPeer.WithinPatienceAsync(peer.Answering);
    }

    [Fact]
    public async Task It_is_cut_when_it_takes_no_answer_for_five_seconds()
    {
        await using var peer = await AnsweredPeer.OpenAsync(SslApplicationProtocol.Http2, holds: true);
        await peer.Time.SetAsync(TimeSpan.FromSeconds(5));

        peer.Time.Advance(TimeSpan.FromSeconds(5));

        await AnsweredPeer.WithinPatienceAsync(peer.Answering);
        Assert.True(peer.IsAborted);
    }

    [Fact]
    public async Task It_is_not_cut_when_it_takes_its_answer_late()
    {
        await using var peer = await AnsweredPeer.OpenAsync(SslApplicationProtocol.Http2, holds: true);
        await peer.Time.SetAsync(TimeSpan.FromSeconds(5));
        peer.Time.Advance(TimeSpan.FromSeconds(4.9));
        peer.Server.Release();

        await peer.AskAsync(1);

        Assert.NotNull((await peer.ReadToAsync(Http2FrameType.Data)).Payload);
        Assert.False(peer.IsAborted);
    }

    private static int LastStreamOf(byte[] goodbye) => BinaryPrimitives.ReadInt32BigEndian(goodbye);

    private static Task<AnsweredPeer> OpenAsync() => AnsweredPeer.OpenAsync(SslApplicationProtocol.Http2);

    /// <summary>Asks more often than a round trip, until the next goodbye or the end.</summary>
    private static async Task<(TimeSpan After, int Stream)> AskOnAsync(AnsweredPeer peer, int stream, TimeSpan most)
    {
        for (var after = TimeSpan.Zero; after < most; stream += 2)
        {
            peer.Time.Advance(RoundTrip / 2);
            after += RoundTrip / 2;
            await peer.AskAsync(stream);
            await peer.PingAsync();
            var (payload, before) = await peer.ReadToAsync(Http2FrameType.Ping);
            if (payload is null || before.Contains((Http2FrameType.GoAway, 0)))
            {
                return (after, stream + 2);
            }
        }

        return (TimeSpan.MaxValue, stream);
    }
}
