namespace ZeroTrust.Mtls;

/// <summary>The part the peer plays, which decides the extended key usage its certificate has to hold.</summary>
public enum PeerRole
{
    /// <summary>No role; refused.</summary>
    Unspecified = 0,

    /// <summary>The peer opened the connection or signed a token: clientAuth is required.</summary>
    Client = 1,

    /// <summary>The peer accepted the connection: serverAuth is required.</summary>
    Server = 2,
}
