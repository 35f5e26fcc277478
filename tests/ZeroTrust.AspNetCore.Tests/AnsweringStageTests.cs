using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.AspNetCore.Listeners;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>A refused peer that is being told keeps its permit while nobody wants it, and is the first to give way.</summary>
public sealed class AnsweringStageTests
{
    private const string Peer = "192.0.2.9";
    private const string Attacker = "198.51.100.1";
    private const string Other = "198.51.100.2";

    private readonly FakeTimeProvider _time = new();
    private readonly List<PendingHandshake> _cut = [];

    [Theory]
    [InlineData(Peer)]
    [InlineData(Other)]
    [InlineData(Attacker)]
    public void It_gives_way_at_once_to_each_that_waits(string next)
    {
        var pool = CreatePool(permits: 1);
        var refused = Refuse(pool, Attacker);

        Assert.True(IsAdmitted(pool.AdmitAsync(Enter(pool, next))));

        Assert.Equal([refused], _cut);
        Assert.Equal(HandshakeStage.Over, refused.Stage);
    }

    [Fact]
    public void It_is_left_alone_while_there_are_permits()
    {
        var pool = CreatePool(permits: 2);
        var refused = Refuse(pool, Attacker);

        Assert.True(IsAdmitted(pool.AdmitAsync(Enter(pool, Peer))));
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty(_cut);
        Assert.Equal(HandshakeStage.Answering, refused.Stage);
    }

    [Fact]
    public void It_takes_a_permit()
    {
        var pool = CreatePool(permits: 2);
        Refuse(pool, Attacker);
        Refuse(pool, Other);
        Assert.Empty(_cut);

        Refuse(pool, Peer);

        Assert.Single(_cut);
    }

    [Fact]
    public void It_gives_way_before_a_handshake_that_is_stalled()
    {
        var pool = CreatePool(permits: 2);
        var stalled = Enter(pool, Peer);
        Assert.True(IsAdmitted(pool.AdmitAsync(stalled)));
        stalled.Begin();
        _time.Advance(HandshakePool.StallTime);
        var refused = Refuse(pool, Attacker);

        Assert.True(IsAdmitted(pool.AdmitAsync(Enter(pool, "192.0.2.10"))));

        Assert.Equal([refused], _cut);
        Assert.Equal(HandshakeStage.Running, stalled.Stage);
    }

    [Fact]
    public void A_stalled_one_gives_way_where_none_is_refused()
    {
        var pool = CreatePool(permits: 1);
        var stalled = Enter(pool, Peer);
        Assert.True(IsAdmitted(pool.AdmitAsync(stalled)));
        stalled.Begin();
        _time.Advance(HandshakePool.StallTime);

        Assert.True(IsAdmitted(pool.AdmitAsync(Enter(pool, "192.0.2.10"))));

        Assert.Equal([stalled], _cut);
    }

    [Fact]
    public void One_that_has_given_way_is_not_told()
    {
        var pool = CreatePool(permits: 1);
        var stalled = Enter(pool, Attacker);
        Assert.True(IsAdmitted(pool.AdmitAsync(stalled)));
        stalled.Begin();
        _time.Advance(HandshakePool.StallTime);
        Assert.True(IsAdmitted(pool.AdmitAsync(Enter(pool, Peer))));

        Assert.False(pool.TryRefuse(stalled));
    }

    [Fact]
    public void It_is_held_against_its_address_and_against_no_other()
    {
        var pool = CreatePool(permits: 2);

        Refuse(pool, Attacker);

        Assert.True(Enter(pool, Attacker).IsSuspect);
        Assert.False(Enter(pool, Peer).IsSuspect);
    }

    private static bool IsAdmitted(Task<bool> admission) => admission is { IsCompletedSuccessfully: true, Result: true };

    private static PendingHandshake Enter(HandshakePool pool, string address)
    {
        var connection = new DefaultConnectionContext { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 40_000) };
        var handshake = new PendingHandshake(connection, pool);
        pool.Enter(handshake);
        return handshake;
    }

    private static PendingHandshake Refuse(HandshakePool pool, string address)
    {
        var handshake = Enter(pool, address);
        Assert.True(IsAdmitted(pool.AdmitAsync(handshake)));
        Assert.True(pool.TryRefuse(handshake));
        return handshake;
    }

    private HandshakePool CreatePool(int permits) => new(permits, mostPending: 64, _time, (handshake, _) => _cut.Add(handshake));
}
