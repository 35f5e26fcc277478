namespace ZeroTrust.ConformanceTests;

/// <summary>Which end of a live handshake presents the certificates of a case.</summary>
public enum LiveSide
{
    /// <summary><c>openssl s_client</c> calls our server.</summary>
    Client,

    /// <summary><c>openssl s_server</c> answers our client.</summary>
    Server,
}
