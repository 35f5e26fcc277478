namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>The unfinished handshakes of one listener: which of them are computed, which wait, and which give way.</summary>
/// <remarks>
/// An address is in good standing until it holds more than a share of the permits, or leaves a handshake unfinished; for a minute after,
/// what it opens is suspect. The suspect wait behind the others and give way before them, the oldest first. So one address has its share
/// and no more, many attacking addresses have one handshake each before they are known, and many honest peers behind one address are not
/// told from any other. Standing decides who gives way and nothing else: with room for all, the suspect are served alike.
/// </remarks>
#pragma warning disable CA1001 // it lives as long as the listener, which Kestrel never tells the end of
internal sealed class HandshakePool
#pragma warning restore CA1001
{
    /// <summary>How long a handshake that the server has answered may wait for its peer while others wait for its permit.</summary>
    public static readonly TimeSpan StallTime = TimeSpan.FromSeconds(2);

    private const int SharesOfPermits = 4;

    private readonly HandshakeLines _lines;
    private readonly AddressBook _addresses;
    private readonly TimeProvider _time;
    private readonly Action<PendingHandshake, AspNetCoreRejectionReason> _cut;
    private readonly int _permits;
    private readonly int _mostPending;
    private readonly int _share;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();

    /// <param name="permits">How many handshakes are computed at once.</param>
    /// <param name="mostPending">How many connections may wait for theirs, with and without a ClientHello.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cut">Called for each connection that gives way, outside of the lock.</param>
    public HandshakePool(int permits, int mostPending, TimeProvider time, Action<PendingHandshake, AspNetCoreRejectionReason> cut)
    {
        _permits = permits;
        _mostPending = mostPending;
        _share = Math.Max(1, Math.Min(permits, mostPending) / SharesOfPermits);
        _time = time;
        _lines = new HandshakeLines(time);
        _cut = cut;
        _addresses = new AddressBook(time);
        _timer = time.CreateTimer(_ => Pump(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>For tests: how many addresses are known.</summary>
    internal int Addresses
    {
        get
        {
            lock (_lock)
            {
                return _addresses.Count;
            }
        }
    }

    /// <summary>A connection was accepted. It always finds a place; another may lose its own.</summary>
    public void Enter(PendingHandshake handshake)
    {
        PendingHandshake? evicted = null;
        lock (_lock)
        {
            if (_lines.Pending >= _mostPending)
            {
                evicted = _lines.OldestPending();
                End(evicted, (record, _) => Distrust(record));
            }

            var record = _addresses.Get(handshake.Address);
            handshake.Record = record;
            handshake.IsSuspect = record.IsSuspect || record.Handshakes.Count >= _share;
            record.Handshakes.AddLast(handshake.OfAddress);
            _lines.Put(handshake, HandshakeStage.Silent);
        }

        if (evicted is not null)
        {
            GiveWay(evicted, AspNetCoreRejectionReason.HandshakesExceeded);
        }
    }

    /// <summary>The ClientHello is here.</summary>
    /// <returns>Whether the handshake may be computed; false when the connection has given way.</returns>
    public Task<bool> AdmitAsync(PendingHandshake handshake)
    {
        TaskCompletionSource<bool> admission;
        lock (_lock)
        {
            if (handshake.Stage == HandshakeStage.Over)
            {
                return Task.FromResult(false);
            }

            if (_lines.PermitsTaken < _permits && _lines.NextWaiting is null)
            {
                Run(handshake);
                return Task.FromResult(true);
            }

            admission = handshake.Admission = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _lines.Move(handshake, HandshakeStage.Waiting);
        }

        Pump();
        return admission.Task;
    }

    /// <summary>The server begins to compute. From here on the peer is waited for.</summary>
    public void Begin(PendingHandshake handshake)
    {
        lock (_lock)
        {
            if (handshake.Stage == HandshakeStage.Running)
            {
                Run(handshake);
            }
        }
    }

    /// <summary>
    /// The handshake is done and its peer refused, which is held against its address. The permit stays with it until another wants it.
    /// </summary>
    /// <returns>Whether the peer may be told; false when the connection has given way.</returns>
    public bool TryRefuse(PendingHandshake handshake)
    {
        lock (_lock)
        {
            if (handshake.Stage != HandshakeStage.Running)
            {
                return false;
            }

            Distrust(handshake.Record!);
            _lines.Move(handshake, HandshakeStage.Answering);
        }

        Pump();
        lock (_lock)
        {
            return handshake.Stage == HandshakeStage.Answering;
        }
    }

    /// <summary>The handshake is done. What the address left unfinished before is forgotten.</summary>
    public void Complete(PendingHandshake handshake) => Leave(handshake, (record, _) => _addresses.Forgive(record));

    /// <summary>The connection ended. That is held against its address when the server had begun to compute.</summary>
    public void Leave(PendingHandshake handshake) => Leave(handshake, (record, stage) =>
    {
        if (stage == HandshakeStage.Running)
        {
            Distrust(record);
        }
    });

    /// <summary>The connection took longer than it may.</summary>
    public void Expire(PendingHandshake handshake) => Leave(handshake, (record, _) => Distrust(record));

    // The first call counts.
    private void Leave(PendingHandshake handshake, Action<AddressRecord, HandshakeStage> judge)
    {
        lock (_lock)
        {
            if (handshake.Stage == HandshakeStage.Over)
            {
                return;
            }

            End(handshake, judge);
        }

        Pump();
    }

    // Gives permits to the waiting, and takes them from the stalled.
    private void Pump()
    {
        List<PendingHandshake>? stalled = null;
        lock (_lock)
        {
            while (_lines.NextWaiting is { } next)
            {
                if (_lines.PermitsTaken >= _permits)
                {
                    if (_lines.VictimFor(next) is not { } victim)
                    {
                        _timer.Change(_lines.UntilNextStall(next), Timeout.InfiniteTimeSpan);
                        break;
                    }

                    End(victim, (record, _) => Distrust(record));
                    (stalled ??= []).Add(victim);
                }

                Run(next);
                next.Admission!.TrySetResult(true);
            }
        }

        foreach (var victim in stalled ?? [])
        {
            GiveWay(victim, AspNetCoreRejectionReason.HandshakeStalled);
        }
    }

    private void End(PendingHandshake handshake, Action<AddressRecord, HandshakeStage> judge)
    {
        var (record, stage) = (handshake.Record!, handshake.Stage);
        HandshakeLines.Remove(handshake);
        record.Handshakes.Remove(handshake.OfAddress);
        judge(record, stage);
        _addresses.Release(record);
    }

    private void Distrust(AddressRecord record)
    {
        _addresses.Suspect(record);
        foreach (var handshake in record.Handshakes)
        {
            if (!handshake.IsSuspect)
            {
                handshake.IsSuspect = true;
                _lines.Move(handshake, handshake.Stage);
            }
        }
    }

    private void GiveWay(PendingHandshake handshake, AspNetCoreRejectionReason reason)
    {
        handshake.Admission?.TrySetResult(false);
        _cut(handshake, reason);
    }

    private void Run(PendingHandshake handshake)
    {
        handshake.Moved = _time.GetTimestamp();
        _lines.Move(handshake, HandshakeStage.Running);
    }
}
