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
}
