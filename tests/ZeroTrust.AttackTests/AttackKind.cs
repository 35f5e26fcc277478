namespace ZeroTrust.AttackTests;

/// <summary>What a socket of the attacker does once it is open.</summary>
internal enum AttackKind
{
    /// <summary>Nothing.</summary>
    Silent = 0,

    /// <summary>Sends a ClientHello, a byte a second.</summary>
    Drip = 1,

    /// <summary>Sends a whole recorded ClientHello, then nothing.</summary>
    Replay = 2,

    /// <summary>Finishes the handshake without a certificate, asks, reads the end, and connects again.</summary>
    Refused = 3,

    /// <summary>Does so with a head of 16 KB, each byte in a record of its own.</summary>
    RefusedHead = 4,

    /// <summary>Does so over HTTP/2 and asks on as many streams as there may be frames.</summary>
    RefusedStreams = 5,

    /// <summary>Asks the same, and reads nothing of the answers.</summary>
    RefusedUnread = 6,

    /// <summary>Asks once over HTTP/2 and sends as many PINGs as there may be frames, each in a record of its own.</summary>
    RefusedPings = 7,

    /// <summary>Asks once over HTTP/2 and sends as many bytes as there may be, each in a record of its own.</summary>
    RefusedBytes = 8,

    /// <summary>Asks nothing over HTTP/2 and holds the connection.</summary>
    RefusedIdle = 9,
}
