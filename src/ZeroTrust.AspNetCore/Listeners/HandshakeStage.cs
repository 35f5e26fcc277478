namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>How far a connection is on its way through the handshake.</summary>
internal enum HandshakeStage
{
    /// <summary>It is open and its ClientHello is not complete.</summary>
    Silent = 0,

    /// <summary>Its ClientHello is here and it waits for a permit to be computed.</summary>
    Waiting = 1,

    /// <summary>It has a permit.</summary>
    Running = 2,

    /// <summary>Its peer is refused and is being told so. It has a permit until another wants it.</summary>
    Answering = 3,

    /// <summary>It is done or gone.</summary>
    Over = 4,
}
