using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using ZeroTrust.AspNetCore.Proxies;
using ZeroTrust.Tests.Support;

namespace ZeroTrust.AspNetCore.Tests.Proxies;

/// <summary>What a connection of a proxy is worth until its header is here, and how it is left behind.</summary>
public sealed class WaitingProxyTests
{
    private const string Client = "203.0.113.7:40000";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly IPEndPoint Proxy = new(IPAddress.Loopback, 5000);
    private static readonly IPEndPoint Here = new(IPAddress.Loopback, 443);

    private readonly WatchedTime _time = new();
    private readonly List<string> _refused = [];
    private readonly List<string> _served = [];
    private Action _onRefused = static () => { };

    public static TheoryData<string, byte[]> OtherFamilies => new()
    {
        { "UDP", ProxyHeaders.Binary(ProxyHeaders.Proxy, 0x12, []) },
        { "UDP, long enough for a value", ProxyHeaders.Binary(ProxyHeaders.Proxy, 0x12, [0, 0]) },
        { "UNIX", ProxyHeaders.Binary(ProxyHeaders.Proxy, 0x31, []) },
        { "reserved", ProxyHeaders.Binary(ProxyHeaders.Proxy, 0xF1, [0, 0]) },
    };

    [Fact]
    public async Task The_ends_are_the_clients_for_what_follows_and_the_proxys_for_what_came_before()
    {
        var connection = new TestConnection();
        await connection.SendAsync(ProxyHeaders.Client("203.0.113.7"));

        await CreateProtocol().ReadAsync(connection, ServeAsync);

        Assert.Equal([$"{Client} to 192.0.2.1:443"], _served);
        Assert.Equal((Proxy, Here), (connection.RemoteEndPoint, connection.LocalEndPoint));
    }

    [Theory]
    [MemberData(nameof(OtherFamilies))]
    public async Task A_header_of_another_family_is_refused_whatever_its_length(string what, byte[] header)
    {
        Assert.NotEmpty(what);
        var connection = new TestConnection();
        await connection.SendAsync(header);

        await CreateProtocol().ReadAsync(connection, ServeAsync);

        Assert.Empty(_served);
        Assert.Equal(["aspnetcore.proxy_header_malformed"], _refused);
    }

    [Fact]
    public async Task A_header_is_waited_for_its_time_and_no_longer()
    {
        var connection = new TestConnection();
        var reading = CreateProtocol().ReadAsync(connection, ServeAsync);
        await _time.SetAsync(Patience);
        _time.Advance(Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(reading.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        await reading.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(["aspnetcore.proxy_header_timeout"], _refused);
        Assert.True(connection.IsAborted);
    }

    [Fact]
    public async Task One_more_than_may_wait_closes_the_oldest_and_no_other()
    {
        var protocol = CreateProtocol(mostWaiting: 3);
        var connections = Enumerable.Range(0, 4).Select(static _ => new TestConnection()).ToArray();
        var readings = connections.Take(3).Select(connection => protocol.ReadAsync(connection, ServeAsync)).ToList();
        Assert.Empty(_refused);

        readings.Add(protocol.ReadAsync(connections[3], ServeAsync));

        await readings[0].WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(["aspnetcore.proxy_header_timeout"], _refused);
        Assert.Equal([true, false, false, false], connections.Select(static connection => connection.IsAborted));
        foreach (var connection in connections.Skip(1))
        {
            await connection.SendAsync(ProxyHeaders.Client("203.0.113.7"));
        }

        await Task.WhenAll(readings.Skip(1)).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(3, _served.Count);
    }

    [Fact]
    public async Task One_that_has_given_way_is_not_served_when_its_header_comes_at_that_moment()
    {
        var protocol = CreateProtocol(mostWaiting: 1);
        var first = new TestConnection();
        var second = new TestConnection();
        var given = protocol.ReadAsync(first, ServeAsync);
        _onRefused = () => Assert.True(first.SendAsync(ProxyHeaders.Client("203.0.113.7")).IsCompletedSuccessfully);

        var waiting = protocol.ReadAsync(second, ServeAsync);

        await given.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Empty(_served);
        Assert.True(first.IsAborted);
        await second.SendAsync(ProxyHeaders.Client("203.0.113.7"));
        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Single(_served);
    }

    [Fact]
    public async Task Of_what_comes_with_a_header_no_more_than_a_header_is_copied()
    {
        var header = ProxyHeaders.Client("203.0.113.7");
        var connection = new TestConnection(PipeReader.Create(Segments([.. header, .. new byte[1024 * 1024]], header.Length - 2)));
        var protocol = CreateProtocol();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var reading = protocol.ReadAsync(connection, static _ => Task.CompletedTask);

        Assert.True(reading.IsCompletedSuccessfully);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024);
        await reading;
    }

    private static ReadOnlySequence<byte> Segments(byte[] bytes, int first)
    {
        var start = new Segment(bytes.AsMemory(0, first), before: null);
        var end = new Segment(bytes.AsMemory(first), start);
        return new ReadOnlySequence<byte>(start, 0, end, end.Memory.Length);
    }

    private ProxyProtocol CreateProtocol(int mostWaiting = 64) => new(
        AddressRanges.Read("ProxyProtocolFrom", ["127.0.0.1"], static (_, _) => { })!,
        Patience,
        mostWaiting,
        _time,
        (rejection, _) =>
        {
            _refused.Add(rejection.Code);
            _onRefused();
        });

    private Task ServeAsync(ConnectionContext connection)
    {
        lock (_served)
        {
            _served.Add($"{connection.RemoteEndPoint} to {connection.LocalEndPoint}");
        }

        return Task.CompletedTask;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.RunningIndex + before.Memory.Length;
            }
        }
    }

    private sealed class TestConnection : DefaultConnectionContext, IDuplexPipe
    {
        // What comes is read at once, on the thread that sends it.
        private readonly Pipe _pipe = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));

        public TestConnection(PipeReader? input = null)
        {
            Input = input ?? _pipe.Reader;
            Transport = this;
            (RemoteEndPoint, LocalEndPoint) = (Proxy, Here);
        }

        public PipeReader Input { get; }

        public PipeWriter Output => throw new NotSupportedException();

        public bool IsAborted { get; private set; }

        public async Task SendAsync(byte[] bytes) => await _pipe.Writer.WriteAsync(bytes);

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;

        public override void Abort() => IsAborted = true;
    }
}
