using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.AspNetCore.Listeners;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>Which connection gives way: attacks in their thousands, without sockets and on a clock of the test's.</summary>
public sealed class HandshakePoolTests
{
    private const int Permits = 256;
    private const int Pending = 1024;
    private const string Peer = "192.0.2.9";
    private const string Attacker = "198.51.100.1";

    private readonly FakeTimeProvider _time = new();
    private readonly List<(PendingHandshake Handshake, AspNetCoreRejectionReason Reason)> _cut = [];

    [Theory]
    [InlineData(520, 1)]
    [InlineData(10_000, 1)]
    [InlineData(520, 250)]
    [InlineData(10_000, 250)]
    public async Task Silent_connections_evict_each_other_and_no_peer(int sockets, int addresses)
    {
        var pool = CreatePool();
        Flood(pool, sockets, addresses);

        // 64 peers behind one address; each round trip of theirs sees as many reconnects as the attack has sockets.
        var peers = Enumerable.Range(0, Permits / 4).Select(_ => Enter(pool, Peer)).ToArray();
        Flood(pool, sockets, addresses);
        foreach (var peer in peers)
        {
            Assert.True(await pool.AdmitAsync(peer));
            peer.Complete();
        }

        Assert.DoesNotContain(_cut, cut => cut.Handshake.Address == peers[0].Address);
    }

    [Fact]
    public void Without_room_the_address_beyond_its_share_gives_way()
    {
        var pool = CreatePool(permits: 8, pending: 8);
        var early = Enter(pool, Peer);
        var hostile = Enumerable.Range(0, 20).Select(_ => Enter(pool, Attacker)).ToArray();

        var late = Enter(pool, "192.0.2.10");

        Assert.NotEqual(HandshakeStage.Over, early.Stage);
        Assert.NotEqual(HandshakeStage.Over, late.Stage);
        Assert.Equal(14, hostile.Count(handshake => handshake.Stage == HandshakeStage.Over));
        Assert.All(_cut, cut => Assert.Equal(AspNetCoreRejectionReason.HandshakesExceeded, cut.Reason));
    }

    [Fact]
    public void With_room_for_all_many_of_one_address_are_left_alone()
    {
        var pool = CreatePool();
        for (var i = 0; i < Pending; i++)
        {
            Enter(pool, Peer);
        }

        Assert.Empty(_cut);
    }

    [Fact]
    public async Task The_suspect_wait_behind_the_others()
    {
        var pool = CreatePool(permits: 1);
        var running = Enter(pool, "192.0.2.1");
        Assert.True(await pool.AdmitAsync(running));
        pool.Expire(Enter(pool, Attacker));
        var suspect = pool.AdmitAsync(Enter(pool, Attacker));
        var peer = pool.AdmitAsync(Enter(pool, Peer));

        running.Complete();

        Assert.True(await peer);
        Assert.False(suspect.IsCompleted);
    }

    [Theory]
    [InlineData(1999, false)]
    [InlineData(2000, true)]
    public async Task A_stalled_handshake_gives_its_permit_to_a_peer_after_two_seconds(int milliseconds, bool given)
    {
        var pool = CreatePool(permits: 1);
        var stalled = Enter(pool, Attacker);
        Assert.True(await pool.AdmitAsync(stalled));
        stalled.Begin();
        var peer = pool.AdmitAsync(Enter(pool, Peer));

        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(given, peer.IsCompletedSuccessfully);
        Assert.Equal(given, _cut.Contains((stalled, AspNetCoreRejectionReason.HandshakeStalled)));
    }

    [Fact]
    public async Task A_stalled_handshake_is_left_alone_while_none_waits()
    {
        var pool = CreatePool(permits: 1);
        var slow = Enter(pool, Peer);
        Assert.True(await pool.AdmitAsync(slow));
        slow.Begin();

        _time.Advance(TimeSpan.FromSeconds(9));

        Assert.Equal(HandshakeStage.Running, slow.Stage);
    }

    [Fact]
    public async Task The_suspect_take_no_permit_from_a_slow_peer()
    {
        var pool = CreatePool(permits: 1);
        var slow = Enter(pool, Peer);
        Assert.True(await pool.AdmitAsync(slow));
        slow.Begin();
        pool.Expire(Enter(pool, Attacker));
        var suspect = pool.AdmitAsync(Enter(pool, Attacker));

        _time.Advance(TimeSpan.FromSeconds(9));

        Assert.Equal(HandshakeStage.Running, slow.Stage);
        Assert.False(suspect.IsCompleted);
    }

    [Fact]
    public async Task A_peer_takes_the_permit_of_a_suspect_at_once()
    {
        var pool = CreatePool(permits: 1);
        pool.Expire(Enter(pool, Attacker));
        var suspect = Enter(pool, Attacker);
        Assert.True(await pool.AdmitAsync(suspect));

        Assert.True(await pool.AdmitAsync(Enter(pool, Peer)));

        Assert.Equal(HandshakeStage.Over, suspect.Stage);
    }

    [Fact]
    public async Task Replayed_hellos_from_many_addresses_are_computed_once_per_address_before_peers_pass()
    {
        var pool = CreatePool();
        var replays = Enumerable.Range(0, 10_000).Select(i => Enter(pool, AddressOf(i, 250))).ToArray();
        var admissions = replays.Select(pool.AdmitAsync).ToArray();
        _time.Advance(HandshakePool.StallTime);

        var peers = Enumerable.Range(0, 25).Select(_ => pool.AdmitAsync(Enter(pool, Peer))).ToArray();
        _time.Advance(HandshakePool.StallTime);

        Assert.All(await Task.WhenAll(peers), Assert.True);
        Assert.True(admissions.Count(admission => admission is { IsCompletedSuccessfully: true, Result: true }) <= 3 * Permits);
    }

    [Theory]
    [InlineData(Peer)]
    [InlineData(Attacker)]
    public async Task A_refused_peer_gives_its_permit_to_whoever_waits_at_once(string next)
    {
        var pool = CreatePool(permits: 1);
        var refused = Enter(pool, Attacker);
        Assert.True(await pool.AdmitAsync(refused));
        Assert.True(pool.TryRefuse(refused));

        Assert.True(await pool.AdmitAsync(Enter(pool, next)));

        Assert.Equal(HandshakeStage.Over, refused.Stage);
    }

    [Fact]
    public async Task A_refused_peer_is_not_told_while_others_wait()
    {
        var pool = CreatePool(permits: 1);
        var refused = Enter(pool, Attacker);
        Assert.True(await pool.AdmitAsync(refused));
        var peer = pool.AdmitAsync(Enter(pool, Peer));

        Assert.False(pool.TryRefuse(refused));

        Assert.True(await peer);
    }

    [Fact]
    public async Task Refused_peers_hold_no_more_than_the_permits_and_are_held_against_their_addresses()
    {
        var pool = CreatePool(permits: 8);
        var refused = new List<PendingHandshake>();
        for (var i = 0; i < 1000; i++)
        {
            var handshake = Enter(pool, AddressOf(i, 250));
            Assert.True(await pool.AdmitAsync(handshake));
            Assert.True(pool.TryRefuse(handshake));
            refused.Add(handshake);
        }

        Assert.Equal(refused[^8..], refused.Where(handshake => handshake.Stage == HandshakeStage.Answering));
        Assert.Equal(992, _cut.Count);
        Assert.All(refused, handshake => Assert.True(Enter(pool, "203.0.113.1").IsSuspect));
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public void An_address_is_suspect_for_a_minute(int seconds, bool suspect)
    {
        var pool = CreatePool();
        pool.Expire(Enter(pool, Peer));

        _time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(suspect, Enter(pool, Peer).IsSuspect);
    }

    [Fact]
    public void A_completed_handshake_ends_suspicion_and_leaves_no_record()
    {
        var pool = CreatePool();
        pool.Expire(Enter(pool, Peer));

        Enter(pool, Peer).Complete();

        Assert.Equal(0, pool.Addresses);
        Assert.False(Enter(pool, Peer).IsSuspect);
    }

    [Fact]
    public void A_peer_that_goes_before_its_hello_is_not_suspected()
    {
        var pool = CreatePool();

        pool.Leave(Enter(pool, Peer));

        Assert.False(Enter(pool, Peer).IsSuspect);
    }

    [Fact]
    public async Task A_handshake_that_is_begun_and_left_is_held_against_its_address()
    {
        var pool = CreatePool();
        var begun = Enter(pool, Attacker);
        Assert.True(await pool.AdmitAsync(begun));

        pool.Leave(begun);

        Assert.True(Enter(pool, Attacker).IsSuspect);
    }

    [Fact]
    public void The_memory_of_addresses_is_bounded()
    {
        var pool = CreatePool();
        for (var i = 0; i < 20_000; i++)
        {
            pool.Expire(Enter(pool, new IPAddress(i).ToString()));
        }

        Assert.InRange(pool.Addresses, 1, 4096);
    }

    private static string AddressOf(int socket, int addresses) => $"203.0.113.{1 + (socket % addresses)}";

    private HandshakePool CreatePool(int permits = Permits, int pending = Pending) =>
        new(permits, pending, _time, (handshake, reason) => _cut.Add((handshake, reason)));

    private static PendingHandshake Enter(HandshakePool pool, string address)
    {
        var connection = new DefaultConnectionContext { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 40_000) };
        var handshake = new PendingHandshake(connection, pool);
        pool.Enter(handshake);
        return handshake;
    }

    private static void Flood(HandshakePool pool, int sockets, int addresses)
    {
        for (var i = 0; i < sockets; i++)
        {
            Enter(pool, AddressOf(i, addresses));
        }
    }
}
