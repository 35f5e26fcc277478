namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>
/// The handshakes of a pool in the order in which they came, by stage and standing: how many have a permit, which gets the next, and which
/// gives way. All under the pool's lock.
/// </summary>
internal sealed class HandshakeLines(TimeProvider time)
{
    private const int Good = 0;
    private const int Suspect = 1;

    // What the peer has done least for gives way first.
    private static readonly (HandshakeStage Stage, int Standing)[] EvictionOrder =
    [
        (HandshakeStage.Silent, Suspect), (HandshakeStage.Waiting, Suspect), (HandshakeStage.Silent, Good), (HandshakeStage.Waiting, Good),
    ];

    private readonly LinkedList<PendingHandshake>[][] _lines = [[[], []], [[], []], [[], []], [[], []]];

    /// <summary>How many have no permit yet.</summary>
    public int Pending => CountOf(HandshakeStage.Silent) + CountOf(HandshakeStage.Waiting);

    /// <summary>How many have one.</summary>
    public int PermitsTaken => CountOf(HandshakeStage.Running) + CountOf(HandshakeStage.Answering);

    /// <summary>The one that gets the next permit.</summary>
    public PendingHandshake? NextWaiting => Oldest(HandshakeStage.Waiting, Good) ?? Oldest(HandshakeStage.Waiting, Suspect);

    /// <summary>The one without a permit that gives way when too many have none.</summary>
    public PendingHandshake OldestPending()
    {
        foreach (var (stage, standing) in EvictionOrder)
        {
            if (Oldest(stage, standing) is { } oldest)
            {
                return oldest;
            }
        }

        throw new InvalidOperationException("A full pool is empty.");
    }

    /// <summary>The one that gives its permit up for another: a refused peer at once, one that stalls in its time.</summary>
    public PendingHandshake? VictimFor(PendingHandshake next) => Oldest(HandshakeStage.Answering, Suspect) ?? Stalled(next);

    /// <summary>When there may be one.</summary>
    public TimeSpan UntilNextStall(PendingHandshake next)
    {
        var oldest = Oldest(HandshakeStage.Running, next.IsSuspect ? Suspect : Good);
        var rest = oldest is null ? HandshakePool.StallTime : HandshakePool.StallTime - time.GetElapsedTime(oldest.Moved);
        return rest > TimeSpan.Zero ? rest : HandshakePool.StallTime;
    }

    /// <summary>Puts it last in the line of its stage and standing.</summary>
    public void Put(PendingHandshake handshake, HandshakeStage stage)
    {
        handshake.Stage = stage;
        _lines[(int)stage][handshake.IsSuspect ? Suspect : Good].AddLast(handshake.Place);
    }

    public void Move(PendingHandshake handshake, HandshakeStage stage)
    {
        handshake.Place.List!.Remove(handshake.Place);
        Put(handshake, stage);
    }

    public static void Remove(PendingHandshake handshake)
    {
        handshake.Place.List!.Remove(handshake.Place);
        handshake.Stage = HandshakeStage.Over;
    }

    // The suspect take no permit from those in good standing, and from each other no sooner than from a stalled peer: replayed ClientHellos
    // would else be computed as fast as they come.
    private PendingHandshake? Stalled(PendingHandshake next)
    {
        if (Oldest(HandshakeStage.Running, Suspect) is { } suspect && (!next.IsSuspect || IsStalled(suspect)))
        {
            return suspect;
        }

        return !next.IsSuspect && Oldest(HandshakeStage.Running, Good) is { } good && IsStalled(good) ? good : null;
    }

    private bool IsStalled(PendingHandshake running) => time.GetElapsedTime(running.Moved) >= HandshakePool.StallTime;

    private PendingHandshake? Oldest(HandshakeStage stage, int standing) => _lines[(int)stage][standing].First?.Value;

    private int CountOf(HandshakeStage stage) => _lines[(int)stage][Good].Count + _lines[(int)stage][Suspect].Count;
}
